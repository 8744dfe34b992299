/-
Elaborates one Lean source over library modules, prints Lean's messages, and exports a theorem of it with all that it
needs beyond the libraries, in the format of `lean4export` (version 3.1.0), one JSON object a line.

Run in a sandbox, in a process of its own for each source: `lean --run Elaborate.lean REQUEST SOURCE`. Nothing that this
process prints is trusted: the source may run code here. What it exports is judged by another process (Replay.lean).
-/
import Lean

open Lean Elab

namespace Proofswarm

/-- What is asked, as the file REQUEST holds it. Names are given by their components. -/
structure Request where
  imports : Array (Array String)
  target : Option (Array String)
  /-- `goal`: the theorem without its proof; `proof`: with everything that the proof needs. -/
  part : String
  /-- A number, in decimal, that the theorem's proof is expected to hold as a literal. -/
  mark : Option String
  /-- In thousands; 0 stands for Lean's default. -/
  maxHeartbeats : Nat
  deriving FromJson

def nameOf (parts : Array String) : Name :=
  parts.foldl Name.mkStr .anonymous

structure State where
  names : Std.HashMap Name Nat := Std.HashMap.insert ∅ .anonymous 0
  levels : Std.HashMap Level Nat := Std.HashMap.insert ∅ .zero 0
  /-- By structure: Lean's `==` on expressions overlooks binder kinds. -/
  exprs : Std.HashMap ExprStructEq Nat := ∅
  visited : NameHashSet := ∅
  /-- The first declaration met that no proof may use. -/
  unsafeName : Option Name := none

structure Context where
  env : Environment
  /-- The theorem whose proof is left out. -/
  goal : Option Name

abbrev ExportM := ReaderT Context (StateT State IO)

def emit (line : String) : ExportM Unit :=
  IO.println line

def list (items : List Nat) : String :=
  s!"[{",".intercalate (items.map toString)}]"

def exportName (name : Name) : ExportM Nat := do
  if let some index := (← get).names[name]? then return index
  let body ← match name with
    | .str prefix' text => pure s!"\"str\":\{\"pre\":{← exportName prefix'},\"str\":{Json.renderString text}}"
    | .num prefix' number => pure s!"\"num\":\{\"pre\":{← exportName prefix'},\"i\":{number}}"
    | .anonymous => pure ""
  let index := (← get).names.size
  emit s!"\{{body},\"in\":{index}}"
  modify fun state => { state with names := state.names.insert name index }
  return index

def exportLevel (level : Level) : ExportM Nat := do
  if let some index := (← get).levels[level]? then return index
  let body ← match level with
    | .succ inner => pure s!"\"succ\":{← exportLevel inner}"
    | .max left right => pure s!"\"max\":{list [← exportLevel left, ← exportLevel right]}"
    | .imax left right => pure s!"\"imax\":{list [← exportLevel left, ← exportLevel right]}"
    | .param name => pure s!"\"param\":{← exportName name}"
    | .zero | .mvar _ => throw (.userError "a level with a metavariable")
  let index := (← get).levels.size
  emit s!"\{{body},\"il\":{index}}"
  modify fun state => { state with levels := state.levels.insert level index }
  return index

def binderKind : BinderInfo → String
  | .default => "default"
  | .implicit => "implicit"
  | .strictImplicit => "strictImplicit"
  | .instImplicit => "instImplicit"

def hints : ReducibilityHints → String
  | .opaque => "\"opaque\""
  | .abbrev => "\"abbrev\""
  | .regular height => s!"\{\"regular\":{height}}"

mutual

/-- Writes an expression, and before it the declarations that it uses. -/
partial def exportExpr (expr : Expr) : ExportM Nat := do
  if let .mdata _ inner := expr then return ← exportExpr inner
  if let some index := (← get).exprs[ExprStructEq.mk expr]? then return index
  let binder (kind : String) (name : Name) (type body : Expr) (info : BinderInfo) : ExportM String := do
    return s!"\"{kind}\":\{\"name\":{← exportName name},\"type\":{← exportExpr type},\"body\":{← exportExpr body},\"binderInfo\":\"{binderKind info}\"}"
  let body ← match expr with
    | .bvar index => pure s!"\"bvar\":{index}"
    | .sort level => pure s!"\"sort\":{← exportLevel level}"
    | .const name levels =>
      exportConstant name
      pure s!"\"const\":\{\"name\":{← exportName name},\"us\":{list (← levels.mapM exportLevel)}}"
    | .app function argument => pure s!"\"app\":\{\"fn\":{← exportExpr function},\"arg\":{← exportExpr argument}}"
    | .lam name type body info => binder "lam" name type body info
    | .forallE name type body info => binder "forallE" name type body info
    | .letE name type value body _ =>
      pure s!"\"letE\":\{\"name\":{← exportName name},\"type\":{← exportExpr type},\"value\":{← exportExpr value},\"body\":{← exportExpr body},\"nondep\":false}"
    | .lit (.natVal value) => pure s!"\"natVal\":\"{value}\""
    | .lit (.strVal value) => pure s!"\"strVal\":{Json.renderString value}"
    | .proj type index struct =>
      exportConstant type
      pure s!"\"proj\":\{\"typeName\":{← exportName type},\"idx\":{index},\"struct\":{← exportExpr struct}}"
    | .mdata .. | .fvar _ | .mvar _ => throw (.userError "an expression with a free variable")
  let index := (← get).exprs.size
  emit s!"\{{body},\"ie\":{index}}"
  modify fun state => { state with exprs := state.exprs.insert (ExprStructEq.mk expr) index }
  return index

partial def exportVal (value : ConstantVal) : ExportM String := do
  let params ← value.levelParams.mapM exportName
  return s!"\"name\":{← exportName value.name},\"levelParams\":{list params},\"type\":{← exportExpr value.type}"

/-- Writes a declaration after those that it uses; nothing for one of the libraries. -/
partial def exportConstant (name : Name) : ExportM Unit := do
  let { env, goal } ← read
  if (← get).visited.contains name || (env.getModuleIdxFor? name).isSome then return
  modify fun state => { state with visited := state.visited.insert name }
  let some info := env.find? name | throw (.userError s!"an unknown constant {name}")
  if info.isUnsafe || info.isPartial then
    modify fun state => { state with unsafeName := state.unsafeName <|> some name }
    return
  match info with
  | .axiomInfo value => emit s!"\{\"axiom\":\{{← exportVal value.toConstantVal},\"isUnsafe\":false}}"
  | .thmInfo value =>
    if goal == some name then
      emit s!"\{\"axiom\":\{{← exportVal value.toConstantVal},\"isUnsafe\":false}}"
    else
      let common ← exportVal value.toConstantVal
      let body ← exportExpr value.value
      emit s!"\{\"thm\":\{{common},\"value\":{body},\"all\":{list (← value.all.mapM exportName)}}}"
  | .defnInfo value =>
    let common ← exportVal value.toConstantVal
    let body ← exportExpr value.value
    emit s!"\{\"def\":\{{common},\"value\":{body},\"hints\":{hints value.hints},\"safety\":\"safe\",\"all\":{list (← value.all.mapM exportName)}}}"
  | .opaqueInfo value =>
    let common ← exportVal value.toConstantVal
    let body ← exportExpr value.value
    emit s!"\{\"opaque\":\{{common},\"value\":{body},\"isUnsafe\":false,\"all\":{list (← value.all.mapM exportName)}}}"
  | .inductInfo value => exportInductive value
  | .ctorInfo value => exportConstant value.induct
  | .recInfo value => value.all.forM exportConstant
  | .quotInfo _ => throw (.userError "a quotient that is not the libraries'")

/-- Writes a mutual block as a whole. Recursors are left out: whoever re-adds the block makes them anew. -/
partial def exportInductive (value : InductiveVal) : ExportM Unit := do
  let { env, .. } ← read
  let types ← value.all.mapM fun name => do
    let some (.inductInfo type) := env.find? name | throw (.userError s!"no inductive type {name}")
    pure type
  modify fun state => { state with visited := types.foldl (fun seen type =>
    type.ctors.foldl (·.insert ·) (seen.insert type.name)) state.visited }
  let types ← types.mapM fun type => do
    let ctors ← type.ctors.mapM fun name => do
      let some (.ctorInfo ctor) := env.find? name | throw (.userError s!"no constructor {name}")
      let common ← exportVal ctor.toConstantVal
      pure s!"\{{common},\"induct\":{← exportName ctor.induct},\"cidx\":{ctor.cidx},\"numParams\":{ctor.numParams},\"numFields\":{ctor.numFields},\"isUnsafe\":false}"
    let common ← exportVal type.toConstantVal
    let line := s!"\{{common},\"numParams\":{type.numParams},\"numIndices\":{type.numIndices},\"all\":{list (← type.all.mapM exportName)},\"ctors\":{list (← type.ctors.mapM exportName)},\"numNested\":{type.numNested},\"isRec\":{type.isRec},\"isUnsafe\":false,\"isReflexive\":{type.isReflexive}}"
    pure (line, ctors)
  let all (lines : List String) : String := s!"[{",".intercalate lines}]"
  emit s!"\{\"inductive\":\{\"types\":{all (types.map (·.1))},\"ctors\":{all (types.flatMap (·.2))},\"recs\":[]}}"

end

/-- Whether a theorem's proof holds a number as a literal. -/
def holds (mark : Option String) : ConstantInfo → Bool
  | .thmInfo theorem' => (theorem'.value.find? fun
      | .lit (.natVal value) => some (toString value) == mark
      | _ => false).isSome
  | _ => false

def metadata : String :=
  s!"\{\"meta\":\{\"exporter\":\{\"name\":\"proofswarm\",\"version\":\"1\"},\"lean\":\{\"version\":{Json.renderString versionString},\"githash\":{Json.renderString githash}},\"format\":\{\"version\":\"3.1.0\"}}}"

def finish (failed : Bool) (fields : String) : IO Unit :=
  IO.println s!"\{\"done\":\{\"failed\":{failed}{fields}}}"

def exportTarget (env : Environment) (target : Name) (request : Request) : IO Unit := do
  let some info := env.find? target | finish false ",\"exported\":\"missing\""
  IO.println metadata
  let goal := if request.part == "goal" && info matches .thmInfo _ then some target else none
  let ((), state) ← ((exportConstant target).run { env, goal }).run {}
  match state.unsafeName with
  | some name => finish false s!",\"exported\":\"unsafe\",\"name\":{Json.renderString name.toString}"
  | none =>
    finish false s!",\"exported\":\"exported\",\"target\":{state.names.getD target 0},\"marked\":{holds request.mark info}"

end Proofswarm

open Proofswarm in
unsafe def main (args : List String) : IO UInt32 := do
  let [requestFile, sourceFile] := args | throw (.userError "usage: lean --run Elaborate.lean REQUEST SOURCE")
  let request ← IO.ofExcept (Json.parse (← IO.FS.readFile requestFile) >>= fromJson? (α := Request))
  let source ← IO.FS.readFile sourceFile
  enableInitializersExecution
  let imports := request.imports.map fun parts => ({ module := nameOf parts } : Import)
  let options := if request.maxHeartbeats == 0 then {} else maxHeartbeats.set {} request.maxHeartbeats
  let env ← importModules imports options (loadExts := true)
  let state ← IO.processCommands (Parser.mkInputContext source "<source>") {} (Command.mkState env {} options)
  let messages := state.commandState.messages
  messages.toList.forM fun message => do
    IO.println s!"\{\"message\":{(← message.toJson).compress}}"
  match request.target with
  | some target =>
    if messages.hasErrors then finish true ""
    else exportTarget state.commandState.env (nameOf target) request
  | none => finish messages.hasErrors ""
  return 0
