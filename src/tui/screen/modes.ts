/**
 * Takes the terminal over: alternate screen, no cursor, no automatic wrapping, pastes marked.
 *
 * Without wrapping, a character that the terminal draws wider than measured cannot push others to the next row.
 */
export const ENTER_SCREEN = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h'

/**
 * Gives the terminal back, whatever state it was left in. The screen is cleared first for terminals without an
 * alternate screen, where the shell would otherwise go on in the middle of the last frame.
 */
export const LEAVE_SCREEN = '\x1b[?2026l\x1b[m\x1b[H\x1b[J\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h'
