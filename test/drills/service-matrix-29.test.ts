/**
 * Every property of a service with Docker 29, the first that keeps all of them.
 *
 * Does not prove: that containers do what their properties say (nearly all cases run no task).
 */
import { tellServiceMatrix } from "../e2e/service-matrix";

tellServiceMatrix({ story: "service-matrix-29", version: "29.8" });
