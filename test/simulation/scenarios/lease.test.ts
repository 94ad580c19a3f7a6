import { testScenario } from "../test-scenario.ts";
import { leaseScenario } from "./lease.ts";

testScenario(leaseScenario, { seeds: 150 });
