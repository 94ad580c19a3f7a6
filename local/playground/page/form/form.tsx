import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OpenForm } from "../client/state.ts";
import { useClient, useSelected, useWorld } from "../client/use-client.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { Reasons } from "../message/reasons.tsx";
import { Avatar } from "../shell/avatar.tsx";
import { Icon } from "../shell/icons.tsx";
import { LabelledField } from "./field.tsx";
import { type Entered, fieldsIn } from "./form-view.ts";
import { useSubmission } from "./use-submission.ts";
import { initialValue, refusalOf, toSubmission } from "./values.ts";

/** The form that is open in this window, if one is. */
export function FormDialog(): JSX.Element | null {
  const form = useSelected((state) => state.form);
  return form ? <Dialog key={form.token} open={form} /> : null;
}

// --- Internal helpers ---

function Dialog({ open }: { open: OpenForm }): JSX.Element {
  const { form, token } = open;
  const client = useClient();
  const { application } = useWorld();
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<ReadonlyMap<string, Entered>>(new Map());
  const [isChecked, check] = useState(false);
  const submission = useSubmission(open);
  const fields = form.components.flatMap(fieldsIn);
  const valueOf = (id: string) => values.get(id);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    const fields = ".form-body :is(input, textarea, button)";
    dialog.current?.querySelector<HTMLElement>(fields)?.focus();
  }, []);

  function submit(event: Event): void {
    event.preventDefault();
    check(true);
    const refused = fields.find((one) => refusalOf(one, valueOf(one.field.custom_id) ?? initialValue(one.field)));
    if (refused) return;
    const { fields: submitted, files } = toSubmission(fields, values);
    void submission.submit({ do: "submit", token, fields: submitted }, files);
  }

  return (
    <dialog ref={dialog} class="form" aria-labelledby="form-title" onClose={client.closeForm}>
      <form noValidate onSubmit={submit}>
        <header>
          <Avatar url={application.avatar} size={24} />
          <h2 id="form-title">{form.title}</h2>
          <button type="button" class="plain" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        <div class="form-body">
          {submission.failure && (
            <div role="alert" class="form-failure">
              <strong>{submission.failure.text}</strong>
              <Reasons reasons={submission.failure.reasons} />
            </div>
          )}
          {form.components.map((row, index) => {
            if (row.content !== undefined) return <Markdown key={index} text={row.content} place="textDisplay" />;
            return fieldsIn(row).map((labelled) => {
              const { field } = labelled;
              const value = valueOf(field.custom_id) ?? initialValue(field);
              return (
                <LabelledField
                  key={field.custom_id}
                  labelled={labelled}
                  value={value}
                  refusal={isChecked ? refusalOf(labelled, value) : undefined}
                  onChange={(next) => setValues(new Map([...values, [field.custom_id, next]]))}
                />
              );
            });
          })}
          <p class="form-notice">
            This form will be submitted to <strong>{application.name}</strong>. Do not share passwords or other
            sensitive information.
          </p>
        </div>
        <footer>
          <button type="button" class="button secondary" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={submission.isWaiting}>
            Submit
          </button>
        </footer>
      </form>
    </dialog>
  );
}
