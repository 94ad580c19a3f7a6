import { testScenario } from "../test-scenario.ts";
import { sessionsScenario } from "./sessions.ts";

testScenario(sessionsScenario, { seeds: 60 });
