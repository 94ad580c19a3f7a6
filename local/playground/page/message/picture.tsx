import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useClient } from "../client/use-client.ts";
import { Icon } from "../shell/icons.tsx";
import { useMediaUrl } from "./message-context.ts";
import { allowedHosts, localPicture, remoteHost } from "./pictures.ts";

export interface PictureProps {
  url: string;
  /** The description that the bot gave. */
  alt?: string | null | undefined;
  width?: number | null | undefined;
  height?: number | null | undefined;
  isSpoiler?: boolean | undefined;
}

/** A picture of this machine. One elsewhere in the network is loaded once its host is allowed: a box shows its address. */
export function Picture({ url, alt, width, height, isSpoiler = false }: PictureProps): JSX.Element {
  const [isCovered, cover] = useState(isSpoiler);
  const [isBroken, breakIt] = useState(false);
  const client = useClient();
  const address = useMediaUrl(url);
  const host = localPicture(address) === undefined ? remoteHost(address) : undefined;
  const isAllowed = host !== undefined && allowedHosts().includes(host);
  const source = isAllowed ? address : localPicture(address);
  const size = { ...(width && { width }), ...(height && { height }) };
  const shown =
    source === undefined || isBroken ? (
      <span class="picture-box">
        <Icon name="image" />
        <span class="picture-text">{alt || "Picture"}</span>
        <span class="picture-url">{address}</span>
        {host !== undefined && !isAllowed && !isCovered && (
          <button type="button" class="small" onClick={() => void client.allowPictures(host, true)}>
            Load pictures from {host}
          </button>
        )}
      </span>
    ) : (
      <img class="picture" src={source} alt={alt ?? ""} loading="lazy" onError={() => breakIt(true)} {...size} />
    );
  if (!isCovered) return shown;
  return (
    <button type="button" class="cover" onClick={() => cover(false)}>
      <span class="covered" inert aria-hidden="true">
        {shown}
      </span>
      <span class="cover-label">Spoiler</span>
    </button>
  );
}
