import type { JSX } from "preact";
import { formatSize } from "../message/pictures.ts";
import type { FieldProps } from "./form-view.ts";

const wildcards: Readonly<Record<string, string>> = { image: "image/*", video: "video/*", audio: "audio/*" };

/** Files to upload, and their names once they are picked. */
export function FileField({
  id,
  field,
  value,
  isInvalid,
  describedBy,
  onChange,
}: FieldProps<readonly File[]>): JSX.Element {
  const accept = (field.file_types ?? []).map((type) => wildcards[type] ?? type).join(",");
  return (
    <div class="file-field">
      <input
        type="file"
        id={id}
        multiple={(field.max_values ?? 1) > 1}
        {...(accept !== "" && { accept })}
        aria-invalid={isInvalid || undefined}
        aria-describedby={describedBy}
        onChange={({ currentTarget }) => onChange([...(currentTarget.files ?? [])])}
      />
      {value.length > 1 && (
        <ul class="file-names">
          {value.map(({ name, size }) => (
            <li key={name}>{`${name} (${formatSize(size)})`}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
