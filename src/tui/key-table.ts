import type { Context } from './state.ts'

/** What a key can ask for. */
export type CommandId =
  | 'down'
  | 'up'
  | 'page-down'
  | 'page-up'
  | 'half-down'
  | 'half-up'
  | 'top'
  | 'bottom'
  | 'open'
  | 'back'
  | 'unfold'
  | 'fold'
  | 'unfold-all'
  | 'fold-all'
  | 'chain-base'
  | 'chain-top'
  | 'view'
  | 'next-view'
  | 'previous-view'
  | 'filter'
  | 'palette'
  | 'copy-command'
  | 'export'
  | 'keep'
  | 'sort'
  | 'reverse'
  | 'toggle-all'
  | 'mark'
  | 'clear-marks'
  | 'findings'
  | 'ways'
  | 'explain'
  | 'browse'
  | 'tour-next'
  | 'tour-previous'
  | 'tour-leave'
  | 'tour-back'
  | 'units'
  | 'copy-name'
  | 'copy-path'
  | 'rescan'
  | 'help'
  | 'suspend'
  | 'redraw'
  | 'interrupt'
  | 'quit'

export interface KeyBinding {
  readonly command: CommandId
  readonly keys: readonly string[]
  /** How it is called in the palette, the name that is shown first; else its id. */
  readonly names?: readonly string[]
  /** What the help says. */
  readonly description: string
  readonly where: readonly Context[]
  /** The word beside the key in the bottom line, for those that stand there, most useful first. */
  readonly footer?: string
  readonly group: 'Move' | 'Go' | 'Look' | 'Remove' | 'Program'
}

const LISTS: readonly Context[] = ['list', 'images', 'forest', 'kinds', 'files']
const PAGES: readonly Context[] = ['overview', ...LISTS, 'detail', 'findings']
/** Where objects are: files are none, and nothing marks them. */
const OBJECTS: readonly Context[] = PAGES.filter((context) => context !== 'files')
const READABLE: readonly Context[] = [...PAGES, 'help']
const ALWAYS: readonly Context[] = [...READABLE, 'waiting', 'failed', 'tour']
const TYPING: readonly Context[] = ['filter', 'palette', 'path']

/** Every key there is. The help, the bottom line and what a key does all come from here. */
export const KEY_TABLE: readonly KeyBinding[] = [
  {
    command: 'tour-next',
    keys: ['space', 'right', 'n'],
    description: 'to the next stop',
    where: ['tour'],
    footer: 'next',
    group: 'Go',
  },
  {
    command: 'tour-previous',
    keys: ['left', 'p', 'backspace', 'esc'],
    description: 'to the stop before',
    where: ['tour'],
    footer: 'back',
    group: 'Go',
  },
  {
    command: 'tour-leave',
    keys: ['enter'],
    description: 'try things; T goes on with the tour',
    where: ['tour'],
    footer: 'try things',
    group: 'Go',
  },
  {
    command: 'open',
    keys: ['enter'],
    description: 'open what is selected',
    where: PAGES,
    footer: 'open',
    group: 'Go',
  },
  {
    command: 'back',
    keys: ['esc', 'backspace'],
    description: 'back to where one came from; clear the filter; stop measuring',
    where: [...READABLE, 'waiting'],
    footer: 'back',
    group: 'Go',
  },
  {
    command: 'mark',
    keys: ['space'],
    description: 'mark to be removed, or not; nothing is removed here',
    where: OBJECTS,
    footer: 'mark',
    group: 'Remove',
  },
  {
    command: 'clear-marks',
    keys: ['U'],
    names: ['unmark', 'clear-marks'],
    description: 'take all marks away',
    where: PAGES,
    group: 'Remove',
  },
  {
    command: 'open',
    keys: ['right', 'l'],
    description: 'into the directory, or to the facts of the file',
    where: ['files'],
    group: 'Go',
  },
  {
    command: 'back',
    keys: ['left', 'h'],
    description: 'up to where one came from',
    where: ['files'],
    group: 'Go',
  },
  {
    command: 'browse',
    keys: ['b'],
    names: ['browse', 'files'],
    description: 'browse the files of what is selected, or the paths of a category, the largest first',
    where: ['overview', 'list', 'images', 'forest', 'kinds', 'detail'],
    footer: 'browse files',
    group: 'Go',
  },
  {
    command: 'filter',
    keys: ['/'],
    names: ['filter', 'search'],
    description: 'filter: words, size>1G, age>30d, label=KEY, unused, column=text; -word leaves out',
    where: LISTS,
    footer: 'filter',
    group: 'Look',
  },
  {
    command: 'palette',
    keys: [':', 'ctrl-p'],
    description: 'find any object or command by its name, id or path',
    where: [...READABLE, 'waiting'],
    footer: 'find',
    group: 'Go',
  },
  {
    command: 'sort',
    keys: ['s'],
    description: 'sort by the next column',
    where: LISTS,
    footer: 'sort',
    group: 'Look',
  },
  { command: 'reverse', keys: ['S'], description: 'reverse the order', where: LISTS, group: 'Look' },
  {
    command: 'fold',
    keys: ['left', 'h'],
    description: 'fold what stands on this layer or is of this kind; then go to the parent',
    where: ['forest', 'kinds'],
    footer: 'fold',
    group: 'Look',
  },
  {
    command: 'unfold',
    keys: ['right', 'l'],
    description: 'unfold, then go to the first below',
    where: ['forest', 'kinds'],
    group: 'Look',
  },
  {
    command: 'fold-all',
    keys: ['-'],
    description: 'fold everything',
    where: ['forest', 'kinds'],
    group: 'Look',
  },
  {
    command: 'unfold-all',
    keys: ['+', '='],
    description: 'unfold everything',
    where: ['forest', 'kinds'],
    group: 'Look',
  },
  {
    command: 'chain-base',
    keys: ['['],
    description: 'to the base of the chain',
    where: ['forest', 'detail'],
    group: 'Move',
  },
  {
    command: 'chain-top',
    keys: [']'],
    description: 'to the top of the chain, at branches the heaviest',
    where: ['forest', 'detail'],
    group: 'Move',
  },
  {
    command: 'toggle-all',
    keys: ['a'],
    names: ['all', 'intermediate'],
    description: 'show or hide images that the engine does not list (steps of builds)',
    where: ['images'],
    group: 'Look',
  },
  {
    command: 'explain',
    keys: ['x'],
    description: 'how it is put together, step by step, with the files that say so',
    where: PAGES,
    footer: 'explain',
    group: 'Go',
  },
  {
    command: 'findings',
    keys: ['f'],
    names: ['findings', 'errors', 'warnings'],
    description: 'the findings, in full sentences',
    where: PAGES,
    footer: 'findings',
    group: 'Go',
  },
  {
    command: 'ways',
    keys: ['w'],
    names: ['plan', 'ways', 'prune'],
    description: "the plan: what removing the marked does, and docker's prune commands",
    where: PAGES,
    footer: 'what frees space',
    group: 'Remove',
  },
  {
    command: 'tour-back',
    keys: ['T'],
    names: ['tour'],
    description: 'back to the tour (layerscope tour)',
    where: READABLE,
    group: 'Go',
  },
  {
    command: 'view',
    keys: ['1', '2', '3', '4', '5', '6'],
    description: 'Overview, Images, Layers, Containers, Volumes, Build cache',
    where: READABLE,
    group: 'Go',
  },
  { command: 'next-view', keys: ['tab'], description: 'next view', where: READABLE, group: 'Go' },
  {
    command: 'previous-view',
    keys: ['shift-tab'],
    description: 'previous view',
    where: READABLE,
    group: 'Go',
  },
  { command: 'down', keys: ['down', 'j'], description: 'down', where: [...READABLE, 'tour'], group: 'Move' },
  { command: 'up', keys: ['up', 'k'], description: 'up', where: [...READABLE, 'tour'], group: 'Move' },
  {
    command: 'half-down',
    keys: ['ctrl-d'],
    description: 'half a screen down',
    where: READABLE,
    group: 'Move',
  },
  { command: 'half-up', keys: ['ctrl-u'], description: 'half a screen up', where: READABLE, group: 'Move' },
  {
    command: 'page-down',
    keys: ['pagedown', 'ctrl-f'],
    description: 'a screen down',
    where: READABLE,
    group: 'Move',
  },
  {
    command: 'page-up',
    keys: ['pageup', 'ctrl-b'],
    description: 'a screen up',
    where: READABLE,
    group: 'Move',
  },
  { command: 'top', keys: ['home', 'g'], description: 'to the first line', where: READABLE, group: 'Move' },
  { command: 'bottom', keys: ['end', 'G'], description: 'to the last line', where: READABLE, group: 'Move' },
  {
    command: 'copy-name',
    keys: ['y'],
    names: ['copy', 'yank'],
    description: 'copy the id, the name of a volume, the path of a file, or the commands of a plan',
    where: PAGES,
    footer: 'copy',
    group: 'Look',
  },
  {
    command: 'copy-path',
    keys: ['Y'],
    description: 'copy the directory on disk (of a file, the one that it is in)',
    where: PAGES,
    group: 'Look',
  },
  {
    command: 'copy-command',
    keys: ['c'],
    description: 'copy the command that tells more of it, or that frees it',
    where: PAGES,
    group: 'Look',
  },
  {
    command: 'keep',
    keys: ['o'],
    names: ['print', 'keep'],
    description: 'print this view, all of it, after leaving',
    where: PAGES,
    group: 'Look',
  },
  {
    command: 'export',
    keys: ['e'],
    names: ['export', 'save', 'json'],
    description: 'write the JSON report to a file that you name',
    where: PAGES,
    group: 'Program',
  },
  {
    command: 'units',
    keys: ['u'],
    names: ['units', 'bytes'],
    description: 'units: decimal like docker, binary, exact bytes',
    where: PAGES,
    footer: 'units',
    group: 'Look',
  },
  {
    command: 'rescan',
    keys: ['r'],
    names: ['reload', 'rescan', 'refresh'],
    description: 'read everything again',
    where: [...PAGES, 'failed'],
    footer: 'read again',
    group: 'Program',
  },
  {
    command: 'help',
    keys: ['?'],
    names: ['help', 'keys'],
    description: 'this help',
    where: PAGES,
    footer: 'help',
    group: 'Program',
  },
  {
    command: 'redraw',
    keys: ['ctrl-l'],
    description: 'draw the screen anew',
    where: ALWAYS,
    group: 'Program',
  },
  {
    command: 'suspend',
    keys: ['ctrl-z'],
    description: 'suspend to the shell',
    where: [...ALWAYS, ...TYPING],
    group: 'Program',
  },
  {
    command: 'interrupt',
    keys: ['ctrl-c'],
    description: 'stop measuring; else quit',
    where: [...ALWAYS, ...TYPING],
    group: 'Program',
  },
  {
    command: 'quit',
    keys: ['q'],
    names: ['quit', 'exit', 'q'],
    description: 'quit',
    where: ALWAYS,
    footer: 'quit',
    group: 'Program',
  },
]
