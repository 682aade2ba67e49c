import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOfName, fileName, nameOfBytes } from '../../src/formats/byte-name.ts'

it('gives back the bytes of every name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(bytesOfName(nameOfBytes(Buffer.from(bytes)))).toEqual(Buffer.from(bytes))
    }),
  )
})

it('leaves a name of UTF-8 as it is, and asks for bytes only where there is no other way', () => {
  for (const name of ['plain', 'größe', '😀', 'a\uFFFDb']) {
    expect(nameOfBytes(Buffer.from(name))).toBe(name)
    expect(fileName(name)).toBe(name)
  }
  const odd = Buffer.from([0x61, 0xff, 0xc3, 0x28])
  expect(nameOfBytes(odd)).toBe('a\udcff\udcc3(')
  expect(fileName(nameOfBytes(odd))).toEqual(odd)
})
