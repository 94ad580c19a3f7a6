import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import type { JSX } from "preact";
import { formatTime } from "../../../render/markdown/time.ts";
import { safeUrl } from "../../../render/markdown/tokens.ts";
import { useNow } from "../client/use-client.ts";
import { OuterLink } from "../markdown/inlines.tsx";
import { InlineMarkdown, Markdown } from "../markdown/markdown.tsx";
import { colourStyle } from "../shell/colour.ts";
import { Picture } from "./picture.tsx";

/** A card in a message, with a bar in its colour. */
export function Embed({ embed }: { embed: APIEmbed }): JSX.Element {
  const { color, title, url, description, fields = [], image, thumbnail } = embed;
  const heading = title !== undefined && <InlineMarkdown text={title} place="embedTitle" />;
  return (
    <div class="embed" style={colourStyle(color)}>
      <div class="embed-body">
        <div class="embed-text">
          <Author embed={embed} />
          {heading && (
            <div class="embed-title">
              {url !== undefined && safeUrl(url) ? <OuterLink url={url}>{heading}</OuterLink> : heading}
            </div>
          )}
          {description && <Markdown text={description} place="embedDescription" />}
          {fields.length > 0 && <Fields fields={fields} />}
        </div>
        {thumbnail && (
          <div class="thumbnail">
            <Picture {...thumbnail} alt="Thumbnail" />
          </div>
        )}
      </div>
      {image && <Picture {...image} alt="Picture of the embed" />}
      <Footer embed={embed} />
    </div>
  );
}

// --- Internal helpers ---

function Author({ embed: { author } }: { embed: APIEmbed }): JSX.Element | null {
  if (!author) return null;
  const { name, url, icon_url } = author;
  return (
    <div class="embed-author">
      {icon_url && <Picture url={icon_url} alt="" />}
      {url !== undefined && safeUrl(url) ? <OuterLink url={url}>{name}</OuterLink> : name}
    </div>
  );
}

function Fields({ fields }: { fields: readonly APIEmbedField[] }): JSX.Element {
  return (
    <div class="embed-fields">
      {inRows(fields).map((row, index) => (
        <div key={index} class={`embed-row embed-row-${row.length}`}>
          {row.map(({ name, value }, at) => (
            <div key={at} class="embed-field">
              <div class="embed-field-name">
                <InlineMarkdown text={name} place="fieldName" />
              </div>
              <Markdown text={value} place="fieldValue" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Up to three inline fields share a row. */
function inRows(fields: readonly APIEmbedField[]): APIEmbedField[][] {
  const rows: APIEmbedField[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (field.inline && last?.[0]?.inline && last.length < 3) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function Footer({ embed: { footer, timestamp } }: { embed: APIEmbed }): JSX.Element | null {
  const now = useNow();
  if (!footer && !timestamp) return null;
  const at = timestamp ? Date.parse(timestamp) : Number.NaN;
  const time = Number.isNaN(at) ? [] : [formatTime(at, "s", now())];
  return (
    <div class="embed-footer">
      {footer?.icon_url && <Picture url={footer.icon_url} alt="" />}
      {[...(footer ? [footer.text] : []), ...time].join(" • ")}
    </div>
  );
}
