export type { FormDefinition, MenuDefinition, Step, StepKit, Taken } from "./step.ts";
export { createWizardKit, type Wizard, type WizardOptions, type WizardServices } from "./wizard.ts";
