// What stores of any kind say no with, so that a host reads the same whichever it has.
import { StoreError } from '../store-error.ts'
import { capital, type Owned } from './owned.ts'

export function idTaken(noun: string, id: string): StoreError {
  return new StoreError('exists', `There is a ${noun} ${id} already`)
}

export function nameTaken(noun: string, { owner, name }: Owned): StoreError {
  return new StoreError('exists', `${owner} has a ${noun} ${name} already`)
}

export function notFound(noun: string, id: string): StoreError {
  return new StoreError('not-found', `There is no ${noun} ${id}`)
}

/** @throws StoreError `fenced`, which tells the version that is kept, unless it is the one that a change is based on */
export function checkVersion(noun: string, { id, version }: Pick<Owned, 'id' | 'version'>, expected: number): void {
  if (version !== expected)
    throw new StoreError('fenced', `${capital(noun)} ${id} is at version ${version} by now, not at ${expected}`)
}
