import type { Operation } from '../../../shared/record/record.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import { audioFold } from './audio.ts'
import { choicesFold } from './choices.ts'
import { documentFold } from './document.ts'
import { embeddingsFold } from './embeddings.ts'
import type { Fold } from './fold.ts'
import { imagesFold } from './images.ts'
import { messagesFold } from './messages.ts'
import { moderationFold } from './moderation.ts'
import { rerankFold } from './rerank.ts'
import { responsesFold } from './responses.ts'

/** @returns a new fold for the operation's dialect, with an allowance for all that it keeps */
export function foldFor(operation: Operation, allowance: ByteAllowance): Fold {
  switch (operation) {
    case 'chat':
    case 'text_completion':
      return choicesFold(allowance)
    case 'responses':
      return responsesFold(allowance)
    case 'messages':
      return messagesFold(allowance)
    case 'embeddings':
      return embeddingsFold()
    case 'rerank':
      return rerankFold()
    case 'image':
      return imagesFold()
    case 'audio':
      return audioFold(allowance)
    case 'moderation':
      return moderationFold()
    case 'video':
    case 'relay':
      return documentFold(allowance)
  }
}
