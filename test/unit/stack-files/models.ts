import type { ServiceModel, StackModel } from "../../../stack-files/model";

/** A service that says nothing but what is given. */
export function serviceModel(given: Partial<ServiceModel> = {}): ServiceModel {
  return {
    image: "nginx",
    environment: {},
    labels: {},
    dns: [],
    dnsSearch: [],
    dnsOptions: [],
    extraHosts: [],
    capAdd: [],
    capDrop: [],
    sysctls: {},
    ulimits: [],
    networks: {},
    ports: [],
    mounts: [],
    secrets: [],
    configs: [],
    dependsOn: {},
    deploy: { labels: {} },
    ...given,
  };
}

/** Stack files that say nothing but what is given; every value stands in the line that is as long as its path. */
export function stackModel(given: Partial<StackModel> = {}): StackModel {
  return {
    services: {},
    networks: {},
    volumes: {},
    secrets: {},
    configs: {},
    at: (path) => ({ file: "stack.yml", line: path.length, column: 1 }),
    ...given,
  };
}

/** Stack files with one service, `web`. */
export function oneService(
  given: Partial<ServiceModel>,
  others: Partial<StackModel> = {},
): StackModel {
  return stackModel({ services: { web: serviceModel(given) }, ...others });
}
