import { render } from "preact";
import "./main.css";
import { App } from "./app.tsx";
import { createClient } from "./client/client.ts";
import { ClientContext } from "./client/use-client.ts";

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
