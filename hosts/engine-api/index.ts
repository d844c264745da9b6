export * from "./configs";
export * from "./networks";
export * from "./nodes";
export * from "./secrets";
export * from "./services";
export * from "./swarm";
export * from "./tasks";
