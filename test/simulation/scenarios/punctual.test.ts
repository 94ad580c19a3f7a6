import { testScenario } from "../test-scenario.ts";
import { punctualScenario } from "./punctual.ts";

testScenario(punctualScenario, { seeds: 120 });
