import { testScenario } from "../test-scenario.ts";
import { jobsScenario } from "./jobs.ts";

testScenario(jobsScenario, { seeds: 80 });
