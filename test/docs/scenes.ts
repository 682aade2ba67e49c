/** A picture of the manual: what is pressed in the bundled sample, and what is then to be seen. */
export interface Scene {
  /** The name of its file. */
  readonly name: string
  readonly title: string
  readonly columns: number
  readonly rows: number
  /** Pressed one after the other, each when the one before was seen: down to the last rows, which are drawn last. */
  readonly steps: readonly { readonly press: string; readonly sees: string | RegExp }[]
}

const SIZE = { columns: 100, rows: 26 }

export const SCENES: readonly Scene[] = [
  {
    name: 'overview',
    title: 'The first screen: where the space is, what docker says of it, what frees space',
    ...SIZE,
    steps: [{ press: '1', sees: /What frees space {2}each command[\s\S]*Largest[\s\S]*reader/ }],
  },
  {
    name: 'layers',
    title: 'The forest of layers: chains that begin alike are drawn once',
    ...SIZE,
    steps: [{ press: '3', sees: /◂ base:1[\s\S]* \d+\/\d+ layers/ }],
  },
  {
    name: 'image',
    title: 'An image, drawn as the stack that it is',
    ...SIZE,
    steps: [
      { press: '2', sees: 'shop:2' },
      { press: '/shop:2\r', sees: /1\/1 name/ },
      { press: '\r', sees: /› image shop:2\n[\s\S]* top\n/ },
    ],
  },
  {
    name: 'container',
    title: 'A container with its writable layer, its logs and its volumes',
    ...SIZE,
    steps: [
      { press: '4', sees: 'writer' },
      { press: '/chatty\r', sees: /1\/1 container/ },
      { press: '\r', sees: /› container chatty\n[\s\S]* top\n/ },
    ],
  },
  {
    name: 'explain',
    title: 'How an image is put together, with the files of this disk',
    ...SIZE,
    steps: [
      { press: '2', sees: 'shop:2' },
      { press: '/shop:2\r', sees: /1\/1 name/ },
      { press: 'x', sees: /From a name[\s\S]* top\n/ },
    ],
  },
]
