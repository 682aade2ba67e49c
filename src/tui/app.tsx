import { Readable } from 'node:stream'
import { Box, render, Text } from 'ink'
import { memo, useSyncExternalStore } from 'react'
import { drawFrame } from './frame/frame.ts'
import { RowHandles } from './row-handles.ts'
import type { ScreenStdout } from './screen/screen.ts'
import type { Store } from './store.ts'

const Row = memo(({ handle }: { handle: string }) => <Text>{handle}</Text>)

interface AppProps {
  readonly store: Store
  readonly handles: RowHandles
}

/** The screen, one row each; what stands on them is decided by the state alone. */
export function App({ store, handles }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, () => store.state)
  return (
    <Box flexDirection="column">
      {handles.of(drawFrame(state)).map((handle, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place and nothing else
        <Row key={index} handle={handle} />
      ))}
    </Box>
  )
}

/** Draws the store's state on a screen, now and whenever it changes. Returns what ends it. */
export function mountApp(store: Store, stdout: ScreenStdout): () => void {
  const handles = new RowHandles(stdout)
  const { unmount } = render(<App store={store} handles={handles} />, {
    stdout: handles.stdout as unknown as NodeJS.WriteStream,
    // The keys are read elsewhere: Ink gets none.
    stdin: new Readable({ read() {} }) as unknown as NodeJS.ReadStream,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  })
  return unmount
}
