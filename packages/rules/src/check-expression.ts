import type { ASTNode } from '@marcbachmann/cel-js';
import { LIMITS } from '@symbolon/protocol/limits';
import { isDurationText, isTimestampText } from './literals.ts';
import { MACROS, resultOf, STRING_METHODS } from './operators.ts';
import type { Problem, Reason } from './problem.ts';
import {
  BOOL,
  DURATION,
  INT,
  isVariableName,
  STRING,
  TIMESTAMP,
  type ValueType,
  type Vocabulary,
} from './vocabulary.ts';

/** A place in an expression: the names that mean something there, and how many comprehensions surround it. */
interface Scope {
  readonly names: Vocabulary;
  readonly depth: number;
}

export interface ExpressionCheck {
  readonly problems: readonly Problem[];
  /** Evaluation steps at worst: each node counts `LIMITS.subjectFacts` to the power of its depth. */
  readonly cost: number;
}

/**
 * Types a parsed expression against a vocabulary (REQ-RUL-007, REQ-RUL-008). This is the definition of the language: what no
 * branch here allows is refused, whatever the CEL library would make of it. Tells every problem at once.
 *
 * Nothing that passes can fail at run time, except by overflow and by a field that has no value.
 */
export function checkExpression(root: ASTNode, vocabulary: Vocabulary): ExpressionCheck {
  const typing = new Typing();
  const type = typing.typeOf(root, { names: vocabulary, depth: 0 });
  if (type !== undefined && type.kind !== 'bool') typing.tell(root, 'not-bool');
  if (typing.cost > LIMITS.celCost) typing.tell(root, 'limit', LIMITS.celCost);
  return { problems: typing.problems, cost: typing.cost };
}

class Typing {
  readonly problems: Problem[] = [];
  cost = 0;

  tell(node: ASTNode, reason: Reason, bound?: number): undefined {
    this.problems.push({ reason, position: node.pos, ...(bound === undefined ? {} : { bound }) });
    return undefined;
  }

  /** The type of a node, or undefined when a problem was told of it or below it. */
  typeOf(node: ASTNode, scope: Scope): ValueType | undefined {
    this.cost += LIMITS.subjectFacts ** scope.depth;
    switch (node.op) {
      case 'value':
        return this.#literal(node);
      case 'id':
        return scope.names.get(node.args) ?? this.tell(node, 'unknown-name');
      case '.':
        return this.#field(node, node.args[0], node.args[1], scope);
      case '!_':
        return this.#operand(node, node.args, 'bool', scope);
      case '-_':
        return this.#operand(node, node.args, 'int', scope);
      case '?:':
        return this.#choice(node, node.args, scope);
      case 'in':
        return this.#membership(node.args[0], node.args[1], scope);
      case '||':
      case '&&':
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return this.#binary(node, node.args[0], node.args[1], scope);
      case 'call':
        return this.#call(node, node.args[0], node.args[1], scope);
      case 'rcall':
        return this.#method(node, node.args[0], node.args[1], node.args[2], scope);
      default:
        // Lists outside `in`, maps, indexing and optional access: each has a way to fail at run time or to escape the types.
        return this.tell(node, 'forbidden');
    }
  }

  #literal(node: ASTNode): ValueType | undefined {
    const { args: value } = node;
    if (typeof value === 'string') return STRING;
    if (typeof value === 'boolean') return BOOL;
    if (typeof value !== 'bigint') return this.tell(node, 'forbidden');
    // The parser takes any number of digits; CEL has 64 bits, and the numbers in facts are exact below 2^53.
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? INT : this.tell(node, 'literal');
  }

  #field(node: ASTNode, receiver: ASTNode, name: string, scope: Scope): ValueType | undefined {
    const type = this.typeOf(receiver, scope);
    if (type === undefined) return undefined;
    if (type.kind !== 'record') return this.tell(node, 'type');
    return type.record.fields.get(name) ?? this.tell(node, 'unknown-field');
  }

  #operand(node: ASTNode, operand: ASTNode, kind: 'bool' | 'int', scope: Scope): ValueType | undefined {
    const type = this.typeOf(operand, scope);
    return type === undefined || type.kind === kind ? type : this.tell(node, 'type');
  }

  #choice(
    node: ASTNode,
    [condition, one, other]: readonly [ASTNode, ASTNode, ASTNode],
    scope: Scope,
  ): ValueType | undefined {
    const given = this.#operand(condition, condition, 'bool', scope);
    const left = this.typeOf(one, scope);
    const right = this.typeOf(other, scope);
    if (given === undefined || left === undefined || right === undefined) return undefined;
    if (resultOf('==', left, right) === undefined) return this.tell(node, 'type');
    return left.kind === 'string' ? STRING : left;
  }

  #binary(node: ASTNode, left: ASTNode, right: ASTNode, scope: Scope): ValueType | undefined {
    const leftType = this.typeOf(left, scope);
    const rightType = this.typeOf(right, scope);
    // A divisor is a literal, and not zero, so a division cannot fail.
    if (node.op === '/' || node.op === '%') {
      if (right.op !== 'value') return this.tell(right, 'forbidden');
      if (right.args === 0n) return this.tell(right, 'literal');
    }
    if (leftType === undefined || rightType === undefined) return undefined;
    const listed = this.#isListed(leftType, right) && this.#isListed(rightType, left);
    const result = resultOf(node.op, leftType, rightType) ?? this.tell(node, 'type');
    return listed ? result : undefined;
  }

  /** `x in ["a", "b"]`: the list is written out, of literals of one kind. */
  #membership(left: ASTNode, right: ASTNode, scope: Scope): ValueType | undefined {
    const type = this.typeOf(left, scope);
    if (right.op !== 'list') return this.tell(right, 'forbidden');
    const told = this.problems.length;
    for (const element of right.args) {
      const elementType = this.typeOf(element, scope);
      if (element.op !== 'value') this.tell(element, 'forbidden');
      else if (type === undefined || elementType === undefined) continue;
      else if (type.kind !== elementType.kind) this.tell(element, 'type');
      else this.#isListed(type, element);
    }
    if (right.args.length === 0) return this.tell(right, 'literal');
    return type !== undefined && this.problems.length === told ? BOOL : undefined;
  }

  /** A literal that meets a closed list (the levels of a scheme, say) is one of it: a typing error would never be true. */
  #isListed(type: ValueType, other: ASTNode): boolean {
    if (type.kind !== 'string' || type.oneOf === undefined || other.op !== 'value') return true;
    if (typeof other.args !== 'string' || type.oneOf.includes(other.args)) return true;
    this.tell(other, 'value-not-listed');
    return false;
  }

  #call(node: ASTNode, name: string, args: readonly ASTNode[], scope: Scope): ValueType | undefined {
    const [argument] = args;
    if (argument === undefined || args.length !== 1) return this.tell(node, 'forbidden');
    if (name === 'size') return this.#size(node, argument, scope);
    if (name !== 'duration' && name !== 'timestamp') return this.tell(node, 'forbidden');
    // The library reads these at run time, so what it would refuse then is refused now.
    if (argument.op !== 'value' || typeof argument.args !== 'string') return this.tell(argument, 'forbidden');
    const sound = name === 'duration' ? isDurationText(argument.args) : isTimestampText(argument.args);
    if (!sound) return this.tell(argument, 'literal');
    return name === 'duration' ? DURATION : TIMESTAMP;
  }

  #method(
    node: ASTNode,
    name: string,
    receiver: ASTNode,
    args: readonly ASTNode[],
    scope: Scope,
  ): ValueType | undefined {
    const [first, second] = args;
    if (MACROS.has(name) && first !== undefined && second !== undefined && args.length === 2)
      return this.#macro(node, name, receiver, first, second, scope);
    if (name === 'size' && first === undefined) return this.#size(node, receiver, scope);
    if (!STRING_METHODS.has(name) || first === undefined || second !== undefined)
      return this.tell(node, 'forbidden');
    const type = this.typeOf(receiver, scope);
    const argument = this.typeOf(first, scope);
    if (type === undefined || argument === undefined) return undefined;
    return type.kind === 'string' && argument.kind === 'string' ? BOOL : this.tell(node, 'type');
  }

  #size(node: ASTNode, operand: ASTNode, scope: Scope): ValueType | undefined {
    const type = this.typeOf(operand, scope);
    if (type === undefined) return undefined;
    return type.kind === 'facts' ? INT : this.tell(node, 'type');
  }

  #macro(
    node: ASTNode,
    name: string,
    range: ASTNode,
    variable: ASTNode,
    body: ASTNode,
    scope: Scope,
  ): ValueType | undefined {
    const type = this.typeOf(range, scope);
    const depth = scope.depth + 1;
    if (depth > LIMITS.celComprehensionDepth) return this.tell(node, 'limit', LIMITS.celComprehensionDepth);
    if (variable.op !== 'id' || !isVariableName(variable.args)) return this.tell(variable, 'forbidden');
    if (scope.names.has(variable.args)) return this.tell(variable, 'shadowing');
    if (type === undefined) return undefined;
    if (type.kind !== 'facts') return this.tell(range, 'type');
    const names = new Map(scope.names).set(variable.args, { kind: 'record', record: type.record });
    const bodyType = this.#operand(body, body, 'bool', { names, depth });
    if (bodyType === undefined) return undefined;
    return MACROS.get(name) === 'facts' ? type : BOOL;
  }
}
