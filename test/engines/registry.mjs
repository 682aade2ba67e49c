/*
 * A registry of images in memory, on the port given: as much of the distribution API as docker's push and pull ask for.
 * Images that came from one have digests. It is plain JavaScript because it runs beside an engine, by itself.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const blobs = new Map()
const manifests = new Map()
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://registry')
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { status, headers = {}, body = '' } = answer(request, url, Buffer.concat(chunks))
  response.writeHead(status, { 'Docker-Distribution-Api-Version': 'registry/2.0', ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
})

function answer({ method, headers }, { pathname, searchParams }, bytes) {
  if (pathname === '/v2/') return { status: 200 }
  const [, name = '', kind = '', reference = ''] =
    /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(pathname) ?? []
  if (kind === 'manifests') return manifest(method, headers, `${name} ${reference}`, name, bytes)
  if (kind === 'blobs') return blob(method, pathname, reference, searchParams.get('digest'), bytes)
  return { status: 404 }
}

function manifest(method, headers, key, name, bytes) {
  if (method === 'PUT') {
    const stored = { type: headers['content-type'], bytes, digest: digestOf(bytes) }
    manifests.set(key, stored)
    manifests.set(`${name} ${stored.digest}`, stored)
    return { status: 201, headers: { 'Docker-Content-Digest': stored.digest } }
  }
  const found = manifests.get(key)
  if (found === undefined) return { status: 404 }
  const { type, digest, bytes: body } = found
  return {
    status: 200,
    headers: { 'Content-Type': type, 'Docker-Content-Digest': digest, 'Content-Length': body.length },
    body,
  }
}

/** An upload is one request that says where to, one with the bytes, and one with their digest. */
const uploads = new Map()
let begun = 0

function blob(method, pathname, reference, digest, bytes) {
  if (method === 'POST') {
    const location = `${pathname.replace(/\/$/, '')}/${++begun}`
    uploads.set(location, Buffer.alloc(0))
    return { status: 202, headers: { Location: location, 'Docker-Upload-UUID': String(begun), Range: '0-0' } }
  }
  const uploaded = uploads.get(pathname)
  if (uploaded !== undefined) {
    const whole = Buffer.concat([uploaded, bytes])
    uploads.set(pathname, whole)
    if (method === 'PATCH')
      return { status: 202, headers: { Location: pathname, Range: `0-${whole.length - 1}` } }
    blobs.set(digest, whole)
    return { status: 201, headers: { 'Docker-Content-Digest': digest } }
  }
  const body = blobs.get(reference)
  if (body === undefined) return { status: 404 }
  return {
    status: 200,
    headers: { 'Content-Length': body.length, 'Content-Type': 'application/octet-stream' },
    body,
  }
}

server.listen(Number(process.argv[2]), '127.0.0.1')
