export { createAnswerStore } from "./answers.ts";
export { createEventStore } from "./events.ts";
