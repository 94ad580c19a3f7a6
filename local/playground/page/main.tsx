import { render } from "preact";

render(<p>Sandpiper</p>, document.getElementById("app") as HTMLElement);
