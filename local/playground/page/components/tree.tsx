import type {
  APIComponentInContainer,
  APIContainerComponent,
  APIMessageTopLevelComponent,
  APISectionComponent,
} from "discord-api-types/v10";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Markdown } from "../markdown/markdown.tsx";
import { FileCard } from "../message/attachments.tsx";
import { useMediaUrl } from "../message/message-context.ts";
import { Picture } from "../message/picture.tsx";
import { colourStyle } from "../shell/colour.ts";
import { Button } from "./button.tsx";
import { isSelect } from "./choices.ts";
import { SelectMenu } from "./select-menu.tsx";
import type { SelectView } from "./select-view.ts";

type Tree = APIMessageTopLevelComponent | APIComponentInContainer;

/** A message's components, of both generations. A kind that is not known shows its number. */
export function Components({ components }: { components: readonly Tree[] }): JSX.Element {
  return (
    <>
      {components.map((component, index) => (
        <Component key={index} component={component} />
      ))}
    </>
  );
}

// --- Internal helpers ---

function Component({ component }: { component: Tree }): JSX.Element {
  switch (component.type) {
    case 1:
      return (
        <div class="row">
          {component.components.map((inner, index) =>
            inner.type === 2 ? (
              <Button key={index} button={inner} />
            ) : (
              isSelect(inner) && <SelectMenu key={index} select={inner as SelectView} />
            ),
          )}
        </div>
      );
    case 9:
      return <Section section={component} />;
    case 10:
      return <Markdown text={component.content} place="textDisplay" />;
    case 12:
      return (
        <div class={`gallery gallery-${Math.min(component.items.length, 10)}`}>
          {component.items.map(({ media, description, spoiler }, index) => (
            <Picture key={index} {...media} alt={description} isSpoiler={spoiler} />
          ))}
        </div>
      );
    case 13:
      return <File url={component.file.url} size={component.size} isSpoiler={component.spoiler} />;
    case 14:
      return component.divider === false ? (
        <div class={`gap gap-${component.spacing ?? 1}`} />
      ) : (
        <hr class={`gap gap-${component.spacing ?? 1}`} />
      );
    case 17:
      return <Container container={component} />;
    default:
      return <div class="unknown">A component of type {(component as { type: number }).type}</div>;
  }
}

function Section({ section: { components, accessory } }: { section: APISectionComponent }): JSX.Element {
  return (
    <div class="section">
      <div class="section-text">
        {components.map(({ content }, index) => (
          <Markdown key={index} text={content} place="textDisplay" />
        ))}
      </div>
      {accessory.type === 2 ? (
        <Button button={accessory} />
      ) : (
        <div class="thumbnail">
          <Picture {...accessory.media} alt={accessory.description} isSpoiler={accessory.spoiler} />
        </div>
      )}
    </div>
  );
}

function Container({ container }: { container: APIContainerComponent }): JSX.Element {
  const { accent_color, components, spoiler } = container;
  return (
    <Cover isSpoiler={spoiler}>
      <div class={accent_color ? "container is-accented" : "container"} style={colourStyle(accent_color)}>
        <Components components={components} />
      </div>
    </Cover>
  );
}

interface FileProps {
  url: string;
  size: number | undefined;
  isSpoiler: boolean | undefined;
}

function File({ url, size, isSpoiler }: FileProps): JSX.Element {
  const address = useMediaUrl(url);
  const name = decodeURIComponent(address.split("?")[0]?.split("/").at(-1) ?? address);
  return (
    <Cover isSpoiler={isSpoiler}>
      <FileCard name={name} size={size} url={address} />
    </Cover>
  );
}

/** Hides what is marked as a spoiler until it is clicked. */
function Cover({
  isSpoiler = false,
  children,
}: {
  isSpoiler?: boolean | undefined;
  children: JSX.Element;
}): JSX.Element {
  const [isShown, show] = useState(!isSpoiler);
  if (isShown) return children;
  return (
    <button type="button" class="cover" onClick={() => show(true)}>
      <span class="covered" inert aria-hidden="true">
        {children}
      </span>
      <span class="cover-label">Spoiler</span>
    </button>
  );
}
