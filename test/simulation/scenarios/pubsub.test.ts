import { testScenario } from "../test-scenario.ts";
import { pubsubScenario } from "./pubsub.ts";

testScenario(pubsubScenario, { seeds: 30 });
