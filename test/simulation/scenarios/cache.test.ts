import { testScenario } from "../test-scenario.ts";
import { cacheScenario } from "./cache.ts";

testScenario(cacheScenario, { seeds: 80 });
