import type { FileSystem } from '../../model/model.ts'
import type { Source } from '../source.ts'

/** Reports a file system without space or without inodes: most half-written files have that cause. */
export function reportFullFileSystem(source: Source, fileSystem: FileSystem | null): void {
  if (fileSystem === null) return
  if (fileSystem.totalBytes > 0 && fileSystem.availableBytes === 0)
    source.report({
      code: 'filesystem-full',
      subject: { kind: 'root', id: source.root },
      message: `The file system that holds ${source.root} is full: 0 of ${fileSystem.totalBytes} bytes are free for ordinary users.`,
    })
  if (fileSystem.totalInodes > 0 && fileSystem.freeInodes === 0)
    source.report({
      code: 'filesystem-inodes-full',
      subject: { kind: 'root', id: source.root },
      message: `The file system that holds ${source.root} has no inode left (${fileSystem.totalInodes} in use): nothing can be created although bytes are free. Remove what has many small files.`,
    })
}
