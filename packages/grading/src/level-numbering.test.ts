import { expect, test } from 'vitest'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import { patientLevels } from './level-numbering.ts'
import { requiredCells } from './required-cells.ts'

const protocol = shippedProtocol()

test('a usual spine has the five levels of the protocol', () => {
  expect(patientLevels(protocol, { lumbarVertebrae: 'five' })).toEqual(['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'])
})

test('a sixth lumbar vertebra puts two levels in the place of L5S1, and twelve joints are graded', () => {
  const levels = patientLevels(protocol, { lumbarVertebrae: 'six' })
  expect(levels).toEqual(['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5L6', 'L6S1'])
  expect(requiredCells(protocol, 'ct', levels)).toHaveLength(60)
})

test('a sacralised L5 leaves four levels', () => {
  expect(patientLevels(protocol, { lumbarVertebrae: 'four' })).toEqual(['L1L2', 'L2L3', 'L3L4', 'L4L5'])
})

test('only levels that the protocol asks are turned into the patient’s own', () => {
  expect(patientLevels({ levels: ['L3L4', 'L4L5'] }, { lumbarVertebrae: 'six' })).toEqual(['L3L4', 'L4L5'])
  expect(patientLevels(otherProtocol(), { lumbarVertebrae: 'six' })).toEqual(['L3L4', 'L4L5', 'L5L6', 'L6S1'])
})
