/**
 * Every property of a service with Docker 28, which keeps more of them than 26 does.
 *
 * Does not prove: that containers do what their properties say (nearly all cases run no task).
 */
import { tellServiceMatrix } from "../e2e/service-matrix";

tellServiceMatrix({ story: "service-matrix-28", version: "28.5" });
