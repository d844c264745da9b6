/**
 * Every property of a service with the engine that a lab has by itself.
 *
 * Does not prove: that containers do what their properties say (nearly all cases run no task); other engines (drills
 * do); Windows.
 */
import { tellServiceMatrix } from "./service-matrix";

tellServiceMatrix({ story: "service-matrix", version: "26.1" });
