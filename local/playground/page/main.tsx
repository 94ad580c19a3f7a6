import { render } from "preact";
import "./main.css";
import { App } from "./app.tsx";
import { createClient } from "./client/client.ts";
import { ClientContext } from "./client/use-client.ts";
import { prepareShot } from "./shell/shot.ts";
import { applyTheme, readTheme } from "./shell/theme.ts";

// Before the first rendering: another theme would flash.
applyTheme(readTheme());

prepareShot();

const root = document.getElementById("app");
if (root) {
  const client = createClient();
  client.start();
  render(
    <ClientContext.Provider value={client}>
      <App />
    </ClientContext.Provider>,
    root,
  );
}
