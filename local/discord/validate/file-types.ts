import { type Check, list, text, wrong } from "./checks.ts";

const kinds = ["image", "video", "audio"];
const checkText = text(1, 16);

const fileType: Check = (value, path) => {
  const errors = checkText(value, path);
  if (errors.length > 0 || kinds.includes(value as string) || /^\.[^.\s]/.test(value as string)) return errors;
  return [
    wrong(path, "FILE_TYPE_INVALID", `A file type is one of {${kinds.join(", ")}}, or an extension such as ".pdf".`),
  ];
};

/**
 * Checks the `file_types` of a file upload or an attachment option: at most ten kinds and extensions.
 * https://docs.discord.com/developers/reference#file-type-filtering
 */
export const fileTypes = list(0, 10, fileType);
