import { base64url, sha256 } from "../../platform/index.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** Where the page's files are: a name of their content, so that browsers keep them without asking. */
export interface AssetPaths {
  style: string;
  script: string;
}

export interface Asset {
  type: string;
  text: string;
}

/** Returns the files by their paths. */
export async function nameAssets(): Promise<{ paths: AssetPaths; files: ReadonlyMap<string, Asset> }> {
  const pathOf = async (text: string, ending: string) =>
    `/admin/assets/${base64url(await sha256(text)).slice(0, 12)}.${ending}`;
  const paths = { style: await pathOf(style, "css"), script: await pathOf(script, "js") };
  return {
    paths,
    files: new Map([
      [paths.style, { type: "text/css; charset=utf-8", text: style }],
      [paths.script, { type: "text/javascript; charset=utf-8", text: script }],
    ]),
  };
}
