import { isTree } from "../../../provider/fields/paths";
import type { Tree } from "../../../provider/fields/paths";

/*
 * What an engine answers about a service that it was given: it keeps a spec in a form of its own and writes it out
 * again, with the words that stand for nothing said and what is empty left out.
 * https://github.com/moby/moby/blob/v28.2.2/daemon/cluster/convert/service.go and container.go
 */

function tree(value: unknown): Tree {
  return isTree(value) ? value : {};
}

/** Without what is null or an empty list, which Go's `omitempty` leaves out. */
function said(value: Tree): Tree {
  const isSaid = (one: unknown): boolean =>
    one !== null && one !== undefined && !(Array.isArray(one) && one.length === 0);
  return Object.fromEntries(Object.entries(value).filter(([, one]) => isSaid(one)));
}

function mode(asked: Tree): Tree {
  const { Replicated: replicated, ReplicatedJob: job } = asked;
  if (isTree(job)) {
    const { MaxConcurrent: most = 1, TotalCompletions: total = most } = job;
    return { ReplicatedJob: { MaxConcurrent: most, TotalCompletions: total } };
  }
  return isTree(replicated) ? { Replicated: { Replicas: replicated.Replicas ?? 1 } } : said(asked);
}

function policy(asked: unknown): Tree | undefined {
  if (!isTree(asked)) return undefined;
  const { FailureAction: action, Order: order, ...others } = asked;
  const words = { FailureAction: action ?? "pause", Order: order === "" ? "stop-first" : order };
  return { MaxFailureRatio: 0, Parallelism: 0, ...said(others), ...words };
}

function restart(asked: unknown): Tree | undefined {
  return isTree(asked) ? { Condition: "any", MaxAttempts: 0, ...said(asked) } : undefined;
}

function mount(asked: Tree): Tree {
  const { BindOptions: bind, ...others } = said({ ...asked, Consistency: undefined });
  return isTree(bind) ? { ...others, BindOptions: { Propagation: "rprivate", ...bind } } : others;
}

function container(asked: Tree): Tree {
  const { Mounts: mounts, ...others } = said(asked);
  const kept = Array.isArray(mounts) ? { Mounts: (mounts as Tree[]).map(mount) } : {};
  return { Isolation: "default", ...others, ...kept };
}

/** The spec that an engine answers for one that it was given. */
export function answered(asked: Tree): Tree {
  const task = tree(asked.TaskTemplate);
  const { Mode: endpointMode = "vip", ...endpoint } = said(tree(asked.EndpointSpec));
  return said({
    ...asked,
    Labels: asked.Labels ?? {},
    TaskTemplate: said({
      ...task,
      ContainerSpec: container(tree(task.ContainerSpec)),
      RestartPolicy: restart(task.RestartPolicy),
      ForceUpdate: task.ForceUpdate ?? 0,
      Runtime: "container",
    }),
    Mode: mode(tree(asked.Mode)),
    UpdateConfig: policy(asked.UpdateConfig),
    RollbackConfig: policy(asked.RollbackConfig),
    EndpointSpec: { ...endpoint, Mode: endpointMode },
  });
}
