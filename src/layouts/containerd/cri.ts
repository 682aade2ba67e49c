import { integer, type JsonObject, record, text } from '../../formats/fields.ts'
import { isPlainName } from '../../model/ids.ts'
import type { Container } from '../../model/model.ts'
import type { Source } from '../source.ts'
import type { ContainerRow } from './meta.ts'
import type { ContainerdPlaces } from './places.ts'

/**
 * The name of a container of Kubernetes: `namespace/pod/container`, and `namespace/pod (sandbox)` for what holds a pod
 * together. Kubelet's labels say it, and the annotations that containerd itself writes. Null for other containers.
 */
export function kubernetesName({ labels }: ContainerRow, spec: JsonObject): string | null {
  const annotations = record(spec, 'annotations')
  const told = (label: string, annotation: string): string =>
    labels.get(`io.kubernetes.${label}`) || text(annotations, `io.kubernetes.cri.${annotation}`)
  const pod = told('pod.name', 'sandbox-name')
  if (pod === '') return null
  const namespace = told('pod.namespace', 'sandbox-namespace')
  const place = namespace === '' ? pod : `${namespace}/${pod}`
  const container = told('container.name', 'container-name')
  const isSandbox = labels.get('io.cri-containerd.kind') === 'sandbox' || container === ''
  return isSandbox ? `${place} (sandbox)` : `${place}/${container}`
}

type RunState = Pick<Container, 'state' | 'exitCode' | 'startedAt' | 'finishedAt' | 'startedBefore'>

/**
 * How far a container has come: containerd keeps that on disk for those of Kubernetes (pkg/cri/store/container/status.go,
 * v1.6), and of others only a directory for each that has a task.
 */
export function readRunState(
  source: Source,
  places: ContainerdPlaces,
  id: string,
  hasTask: boolean,
): RunState {
  const status = isPlainName(id) ? source.json(`${places.cri}/containers/${id}/status`) : null
  const json = status?.ok === true ? status.value : {}
  const startedAt = timeOf(json, 'StartedAt')
  const finishedAt = timeOf(json, 'FinishedAt')
  const exitCode = integer(json, 'ExitCode') ?? 0
  const neverStarted = startedAt === null && timeOf(json, 'CreatedAt') !== null
  const state = finishedAt !== null ? 'exited' : hasTask ? 'running' : neverStarted ? 'created' : 'unknown'
  return { state, exitCode, startedAt, finishedAt, startedBefore: startedAt !== null }
}

/** Nanoseconds since 1970, which a number holds to less than a microsecond; 0 is never. */
function timeOf(json: JsonObject, key: string): string | null {
  const nanoseconds = json[key]
  if (typeof nanoseconds !== 'number' || nanoseconds <= 0) return null
  const time = new Date(nanoseconds / 1e6)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}
