import type { Tools } from "../../../../local/setup/step.ts";

/** What a step says and asks, where a person types the given answers. */
export function createTools(...answers: string[]) {
  const said: string[] = [];
  const passed: string[] = [];
  const asked: string[] = [];
  const tools: Tools = {
    say: (line) => void said.push(line),
    pass: (text) => void passed.push(text),
    async ask(question, variable) {
      asked.push(`${variable}: ${question}`);
      const answer = answers.shift();
      if (answer === undefined) throw new Error("No person is asked any more.");
      return answer;
    },
  };
  return { tools, said, passed, asked };
}
