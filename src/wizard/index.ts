export type { WizardOptions, WizardServices } from "./options.ts";
export type { FormDefinition, MenuDefinition, Step, StepKit, Taken } from "./step.ts";
export { createWizardKit, type Wizard } from "./wizard.ts";
