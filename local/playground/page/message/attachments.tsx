import type { JSX } from "preact";
import type { APIAttachment } from "../../protocol.ts";
import { Icon } from "../shell/icons.tsx";
import { Picture } from "./picture.tsx";
import { formatSize, localPicture } from "./pictures.ts";

/** A message's files: pictures beside one another, others one below another. */
export function Attachments({ attachments }: { attachments: readonly APIAttachment[] }): JSX.Element | null {
  if (attachments.length === 0) return null;
  const pictures = attachments.filter(isPicture);
  return (
    <>
      {pictures.length > 0 && (
        <div class={`gallery gallery-${Math.min(pictures.length, 4)}`}>
          {pictures.map(({ id, url, description, filename, width, height, flags = 0 }) => (
            <Picture
              key={id}
              url={url}
              alt={description ?? filename}
              width={width}
              height={height}
              isSpoiler={(flags & isSpoiler) !== 0}
            />
          ))}
        </div>
      )}
      {attachments
        .filter((one) => !isPicture(one))
        .map((one) => (
          <FileCard key={one.id} name={one.filename} size={one.size} url={one.url} />
        ))}
    </>
  );
}

/** A file: its name, its size, and a link that saves it. */
export function FileCard({ name, size, url }: { name: string; size: number | undefined; url: string }): JSX.Element {
  const source = localPicture(url);
  return (
    <div class="file-card">
      <Icon name="file" size={28} />
      <div>
        {source === undefined ? (
          <span class="file-name">{name}</span>
        ) : (
          <a class="file-name link" href={source} download={name}>
            {name}
          </a>
        )}
        {size !== undefined && <div class="file-size">{formatSize(size)}</div>}
      </div>
    </div>
  );
}

// --- Internal helpers ---

/** https://docs.discord.com/developers/resources/message#attachment-object-attachment-flags */
const isSpoiler = 8;

const isPicture = ({ content_type, filename }: APIAttachment): boolean =>
  content_type?.startsWith("image/") ?? /\.(png|jpe?g|gif|webp|avif|svg)$/i.test(filename);
