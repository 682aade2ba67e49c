#!/usr/bin/env node
// Plain enough for any Node that knows modules: it has to say so where Node is too old for the program.
const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  process.stderr.write(
    `layerscope needs Node.js 20 or newer; this is ${process.version} (${process.execPath}).\n`,
  )
  process.exitCode = 1
} else {
  import('../dist/cli.js')
}
