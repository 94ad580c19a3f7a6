import { testScenario } from "../test-scenario.ts";
import { tenureScenario } from "./tenure.ts";

testScenario(tenureScenario, { seeds: 60 });
