import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { kubernetesName } from '../../src/layouts/containerd/cri.ts'
import type { ReportContainer } from '../../src/report/schema.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

describe('the name of a container of Kubernetes', () => {
  const named = (labels: Record<string, string>, annotations: Record<string, string> = {}): string | null =>
    kubernetesName(
      {
        id: 'id',
        image: '',
        snapshotter: '',
        snapshotKey: '',
        createdAt: null,
        spec: null,
        labels: new Map(Object.entries(labels)),
      },
      { annotations },
    )

  it('has the namespace, since pods of two may bear one name', () => {
    const pod = { 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop' }
    expect(named({ ...pod, 'io.kubernetes.container.name': 'main' })).toBe('shop/web-0/main')
    expect(named({ ...pod, 'io.cri-containerd.kind': 'sandbox' })).toBe('shop/web-0 (sandbox)')
  })

  it('is known from the annotations where no label says it', () => {
    const pod = { 'io.kubernetes.cri.sandbox-name': 'web-0', 'io.kubernetes.cri.sandbox-namespace': 'shop' }
    expect(named({}, { ...pod, 'io.kubernetes.cri.container-name': 'side' })).toBe('shop/web-0/side')
    expect(named({ 'io.cri-containerd.kind': 'sandbox' }, pod)).toBe('shop/web-0 (sandbox)')
  })

  it('is none for containers of others', () => expect(named({ made: 'by hand' })).toBeNull())
})

describe('the state that containerd keeps of a container of Kubernetes', () => {
  const STATUS = 'io.containerd.grpc.v1.cri/containers/idle/status'

  /** The container whose status file has that content. */
  function withStatus(content: string): ReportContainer | undefined {
    const { root, dispose } = copyOfFixture('containerd')
    try {
      mkdirSync(join(root, 'io.containerd.grpc.v1.cri/containers/idle'), { recursive: true })
      writeFileSync(join(root, STATUS), content)
      const report = reportOf(root)
      expect(report.orphans).toEqual([])
      return report.containers.find(({ id }) => id === 'idle')
    } finally {
      dispose()
    }
  }

  // As containerd 1.6 wrote them, but for the message.
  it.each([
    [
      'exited',
      '{"Version":"v1","Pid":0,"CreatedAt":1795474913161446178,"StartedAt":1795474913208635038,"FinishedAt":1795474913308635038,"ExitCode":128,"Reason":"StartError","Message":""}',
      ['exited', 128, '2026-11-23T23:01:53.208Z', '2026-11-23T23:01:53.308Z'],
    ],
    [
      'created',
      '{"Version":"v1","Pid":0,"CreatedAt":1795474913125951900,"StartedAt":0,"FinishedAt":0,"ExitCode":0}',
      ['created', 0, null, null],
    ],
    [
      'started, with no task now',
      '{"Version":"v1","Pid":4,"CreatedAt":1795474913048137700,"StartedAt":1795474913117838835,"FinishedAt":0}',
      ['unknown', 0, '2026-11-23T23:01:53.117Z', null],
    ],
    ['a file without sense', '{"FinishedAt":"soon"}', ['unknown', 0, null, null]],
  ])('is read: %s', (_, content, expected) => {
    const idle = withStatus(content)
    expect([idle?.state, idle?.exitCode, idle?.startedAt, idle?.finishedAt]).toEqual(expected)
    expect(idle?.evidence.includes(STATUS)).toBe(idle?.state !== 'unknown' || idle.startedAt !== null)
    expect(idle?.size.other.files).toBe(2)
  })
})
