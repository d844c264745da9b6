/**
 * What a program of its own imports: `import { Cluster, Service, onCluster } from "pulumi-swarm"`. Whatever is not
 * exported here may change with any release.
 *
 * @module pulumi-swarm
 */
export type { Application, ApplicationDeclaration } from "./components/application";
export { deployStacks } from "./components/catalogue";
export { Cluster, type NodeSummary } from "./components/cluster";
export type {
  Availability,
  ClusterArgs,
  ClusterHostArgs,
  Drain,
  EngineArgs,
  ExternalCaArgs,
  FirewallArgs,
  FirewallSource,
  HostSettings,
  JumpArgs,
  MachineSource,
  MadeMachine,
  MadeMachines,
  RegistryArgs,
  Role,
  RotationArgs,
  Sources,
  SshArgs,
  SwarmSettings,
  TimeService,
  UserArgs,
} from "./components/cluster-args";
export type { Connection, Endpoint } from "./components/connection";
export { endpointsOn, onCluster } from "./components/on-cluster";
export type { Deploy } from "./components/program";
export { Stack } from "./components/stack";
export type {
  AdoptArgs,
  ConfigBinding,
  FileValue,
  GeneratedValue,
  GivenValue,
  NetworkBinding,
  SecretBinding,
  StackArgs,
  StackResourceArgs,
  StackTransform,
} from "./components/stack-args";
export { Config, type ConfigArgs } from "./resources/config";
export { Container, type ContainerArgs, type HostPort } from "./resources/container";
export type * from "./resources/container-parts";
export { getNode, getNodeOutput, type GetNodeArgs, type GetNodeResult } from "./resources/get-node";
export {
  getService,
  getServiceOutput,
  type GetServiceArgs,
  type GetServiceResult,
} from "./resources/get-service";
export { getSwarm, getSwarmOutput, type GetSwarmResult } from "./resources/get-swarm";
export {
  getTasks,
  getTasksOutput,
  type GetTasksArgs,
  type GetTasksResult,
  type TaskSummary,
} from "./resources/get-tasks";
export {
  Host,
  type HostArgs,
  type HostEngine,
  type HostFacts,
  type HostFirewall,
  type HostUser,
} from "./resources/host";
export { Namespace, type External, type NamespaceArgs } from "./resources/namespace";
export { Network, type NetworkArgs, type Subnet } from "./resources/network";
export { Node, type NodeArgs } from "./resources/node";
export {
  Provider,
  type HostConnection,
  type Jump,
  type Login,
  type ProviderArgs,
  type RegistryLogin,
  type SharedLogin,
} from "./resources/provider";
export type { PayloadArgs } from "./resources/payload";
export { Quorum, type QuorumArgs } from "./resources/quorum";
export { Secret, type SecretArgs } from "./resources/secret";
export { Service, type PublishedPort, type ServiceArgs } from "./resources/service";
export type * from "./resources/service-container";
export type * from "./resources/service-deployment";
export { Swarm, type ExternalCa, type SwarmArgs, type SwarmRotation } from "./resources/swarm";
export { Volume, type VolumeArgs } from "./resources/volume";
export { readSettings, type ProgramSettings } from "./settings/program";
