package io.sharekeep.threshold.group;

import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Walks the bytecode of {@link ConstantTime} methods. Allowed are: arithmetic without division or
 * comparison, loops over an int that only constants and increments write and that is compared with
 * a constant or, where the method says so, with an int parameter, and calls to other annotated
 * methods or to a short list of the JDK's. Nothing may be allocated on the heap. What bytecode
 * cannot show, an index that depends on a secret, is for the reviewer.
 */
final class ConstantTimeLinter {
  private static final ClassDesc ANNOTATION = ClassDesc.of(ConstantTime.class.getName());

  private static final Set<Opcode> FORBIDDEN =
      EnumSet.of(
          Opcode.IDIV,
          Opcode.IREM,
          Opcode.LDIV,
          Opcode.LREM,
          Opcode.LCMP,
          Opcode.FCMPG,
          Opcode.FCMPL,
          Opcode.DCMPG,
          Opcode.DCMPL);

  private static final Set<String> JDK =
      Set.of(
          "java/lang/Math.multiplyHigh",
          "java/lang/Math.unsignedMultiplyHigh",
          "java/lang/Long.reverse", // shifts and masks, or one instruction
          "java/lang/Long.rotateRight",
          "java/lang/Integer.rotateRight",
          "java/lang/foreign/MemorySegment.get",
          "java/lang/foreign/MemorySegment.set");

  /** {@code owner.name} and {@code owner.name descriptor}, owners without their package. */
  private final Set<String> annotated = new HashSet<>();

  ConstantTimeLinter(List<ClassModel> classes) {
    for (var model : classes) {
      for (var method : model.methods()) {
        if (isAnnotated(method)) {
          annotated.add(simpleName(model.thisClass().asInternalName()) + "." + name(method));
          annotated.add(
              simpleName(model.thisClass().asInternalName())
                  + "."
                  + name(method)
                  + " "
                  + method.methodType().stringValue());
        }
      }
    }
  }

  /** Whether {@code Type.method} is annotated. */
  boolean holds(String method) {
    return annotated.contains(method);
  }

  /** One line for each violation in a class. */
  Stream<String> violations(ClassModel model) {
    var found = new TreeSet<String>();
    for (var method : model.methods()) {
      if (isAnnotated(method)) {
        method
            .code()
            .ifPresent(code -> {
              var instructions = new ArrayList<Instruction>();
              for (CodeElement element : code) {
                if (element instanceof Instruction instruction) {
                  instructions.add(instruction);
                }
              }
              var counters = counters(instructions);
              counters.removeIf(slot -> slot < parameterSlots(method));
              var bounds = publicInts(method, instructions);
              for (int i = 0; i < instructions.size(); i++) {
                if (!allowed(instructions, i, counters, bounds)) {
                  found.add(
                      simpleName(model.thisClass().asInternalName())
                          + "."
                          + name(method)
                          + ": "
                          + instructions.get(i));
                }
              }
            });
      }
    }
    return found.stream();
  }

  private boolean allowed(
      List<Instruction> code, int at, Set<Integer> counters, Set<Integer> bounds) {
    var instruction = code.get(at);
    return switch (instruction) {
      case BranchInstruction branch -> branchAllowed(branch.opcode(), code, at, counters, bounds);
      case TableSwitchInstruction _, LookupSwitchInstruction _ -> false;
      case NewObjectInstruction _, NewPrimitiveArrayInstruction _ -> false;
      case NewReferenceArrayInstruction _, NewMultiArrayInstruction _ -> false;
      case InvokeDynamicInstruction _ -> false;
      case InvokeInstruction invoke -> callAllowed(invoke);
      case OperatorInstruction operator -> !FORBIDDEN.contains(operator.opcode());
      default -> true;
    };
  }

  private static boolean branchAllowed(
      Opcode opcode, List<Instruction> code, int at, Set<Integer> counters, Set<Integer> bounds) {
    return switch (opcode) {
      case GOTO, GOTO_W -> true;
      case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE -> isCounter(code, at - 1, counters);
      case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE ->
          isCounter(code, at - 2, counters)
              && (code.get(at - 1) instanceof ConstantInstruction
                  || isCounter(code, at - 1, bounds));
      default -> false;
    };
  }

  private static boolean isCounter(List<Instruction> code, int at, Set<Integer> counters) {
    return at >= 0
        && code.get(at) instanceof LoadInstruction load
        && counters.contains(load.slot());
  }

  private boolean callAllowed(InvokeInstruction invoke) {
    var owner = invoke.owner().asInternalName();
    var name = invoke.name().stringValue();
    return JDK.contains(owner + "." + name)
        || annotated.contains(simpleName(owner) + "." + name + " " + invoke.type().stringValue());
  }

  /** The int parameters that the method declares public, if nothing writes them. */
  private static Set<Integer> publicInts(MethodModel method, List<Instruction> code) {
    var slots = new HashSet<Integer>();
    if (!annotation(method).map(a -> !a.elements().isEmpty()).orElse(false)) {
      return slots;
    }
    int slot = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    for (var type : method.methodTypeSymbol().parameterList()) {
      if (type.equals(ConstantDescs.CD_int)) {
        slots.add(slot);
      }
      slot += TypeKind.from(type).slotSize();
    }
    for (var instruction : code) {
      switch (instruction) {
        case StoreInstruction store -> slots.remove(store.slot());
        case IncrementInstruction increment -> slots.remove(increment.slot());
        default -> {}
      }
    }
    return slots;
  }

  private static int parameterSlots(MethodModel method) {
    int slots = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    for (var type : method.methodTypeSymbol().parameterList()) {
      slots += TypeKind.from(type).slotSize();
    }
    return slots;
  }

  /** The slots that nothing but constants, and increments by constants, writes. */
  private static Set<Integer> counters(List<Instruction> code) {
    var constant = new HashSet<Integer>();
    var other = new HashSet<Integer>();
    for (int i = 0; i < code.size(); i++) {
      // A slot may also hold a long at another time; the verifier keeps that from an int's load.
      if (code.get(i) instanceof StoreInstruction store && store.typeKind() == TypeKind.INT) {
        boolean fromConstant = i > 0 && code.get(i - 1) instanceof ConstantInstruction;
        (fromConstant ? constant : other).add(store.slot());
      }
    }
    constant.removeAll(other);
    return constant;
  }

  private static boolean isAnnotated(MethodModel method) {
    return annotation(method).isPresent();
  }

  private static Optional<Annotation> annotation(MethodModel method) {
    return method.findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
        .map(RuntimeInvisibleAnnotationsAttribute::annotations)
        .flatMap(List::stream)
        .filter(annotation -> annotation.classSymbol().equals(ANNOTATION))
        .findFirst();
  }

  private static String name(MethodModel method) {
    return method.methodName().stringValue();
  }

  private static String simpleName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1);
  }
}
