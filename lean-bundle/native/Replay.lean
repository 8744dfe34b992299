/-
Adds the declarations of an export (the format of `lean4export`, version 3.1.0) to an environment of library modules, each
checked by Lean's kernel, and says which axioms of the libraries they use.

Run as `lean --run Replay.lean EXPORT MODULES…`. EXPORT is written by our own program from data that it has checked; this
process elaborates nothing of it and runs no code of it, and loads no `.olean` files but the libraries'. The last line that
it prints is the result: `{"accepted":{"axioms":[NAME…]}}` or `{"refused":{"name":TEXT,"error":TEXT}}`.
-/
import Lean

open Lean

namespace Proofswarm

structure State where
  names : Array Name := #[.anonymous]
  levels : Array Level := #[.zero]
  exprs : Array Expr := #[]
  env : Environment
  used : NameSet := ∅
  refused : Option (Name × String) := none

abbrev ReplayM := StateT State IO

def malformed {α : Type} (what : String) : ReplayM α :=
  throw (.userError s!"malformed export: {what}")

def field (json : Json) (key : String) : ReplayM Json :=
  match json.getObjVal? key with
  | .ok value => pure value
  | .error _ => malformed s!"no {key}"

def nat (json : Json) : ReplayM Nat :=
  match json.getNat? with
  | .ok value => pure value
  | .error _ => malformed "no number"

def text (json : Json) : ReplayM String :=
  match json.getStr? with
  | .ok value => pure value
  | .error _ => malformed "no text"

def items (json : Json) : ReplayM (List Json) :=
  match json.getArr? with
  | .ok values => pure values.toList
  | .error _ => malformed "no list"

def nameAt (json : Json) : ReplayM Name := do
  let some name := (← get).names[← nat json]? | malformed "a name out of range"
  pure name

def levelAt (json : Json) : ReplayM Level := do
  let some level := (← get).levels[← nat json]? | malformed "a level out of range"
  pure level

def exprAt (json : Json) : ReplayM Expr := do
  let some expr := (← get).exprs[← nat json]? | malformed "an expression out of range"
  pure expr

def readName (json : Json) : ReplayM Name := do
  if let .ok body := json.getObjVal? "str" then
    return .str (← nameAt (← field body "pre")) (← text (← field body "str"))
  let body ← field json "num"
  return .num (← nameAt (← field body "pre")) (← nat (← field body "i"))

def pair (json : Json) : ReplayM (Level × Level) := do
  let [left, right] ← items json | malformed "no pair"
  return (← levelAt left, ← levelAt right)

def readLevel (json : Json) : ReplayM Level := do
  if let .ok inner := json.getObjVal? "succ" then return .succ (← levelAt inner)
  if let .ok both := json.getObjVal? "max" then
    let (left, right) ← pair both
    return .max left right
  if let .ok both := json.getObjVal? "imax" then
    let (left, right) ← pair both
    return .imax left right
  return .param (← nameAt (← field json "param"))

def binderInfo (json : Json) : ReplayM BinderInfo := do
  match ← text json with
  | "default" => return .default
  | "implicit" => return .implicit
  | "strictImplicit" => return .strictImplicit
  | "instImplicit" => return .instImplicit
  | _ => malformed "a binder of no known kind"

def readBinder (body : Json) (make : Name → Expr → Expr → BinderInfo → Expr) : ReplayM Expr := do
  return make (← nameAt (← field body "name")) (← exprAt (← field body "type")) (← exprAt (← field body "body"))
    (← binderInfo (← field body "binderInfo"))

def readExpr (json : Json) : ReplayM Expr := do
  let .obj fields := json | malformed "no object"
  let some (key, body) := fields.toList.find? (·.1 != "ie") | malformed "an empty expression"
  match key with
  | "bvar" => return .bvar (← nat body)
  | "sort" => return .sort (← levelAt body)
  | "const" =>
    let name ← nameAt (← field body "name")
    modify fun state => { state with used := state.used.insert name }
    return .const name (← (← items (← field body "us")).mapM levelAt)
  | "app" => return .app (← exprAt (← field body "fn")) (← exprAt (← field body "arg"))
  | "lam" => readBinder body .lam
  | "forallE" => readBinder body .forallE
  | "letE" =>
    return .letE (← nameAt (← field body "name")) (← exprAt (← field body "type")) (← exprAt (← field body "value"))
      (← exprAt (← field body "body")) false
  | "natVal" =>
    let some value := (← text body).toNat? | malformed "a literal that is no number"
    return .lit (.natVal value)
  | "strVal" => return .lit (.strVal (← text body))
  | "proj" =>
    return .proj (← nameAt (← field body "typeName")) (← nat (← field body "idx")) (← exprAt (← field body "struct"))
  | _ => malformed "an expression of no known kind"

def readVal (body : Json) : ReplayM ConstantVal := do
  return {
    name := ← nameAt (← field body "name")
    levelParams := ← (← items (← field body "levelParams")).mapM nameAt
    type := ← exprAt (← field body "type")
  }

def readHints (json : Json) : ReplayM ReducibilityHints := do
  if let .ok height := json.getObjVal? "regular" then return .regular (← nat height).toUInt32
  match ← text json with
  | "opaque" => return .opaque
  | "abbrev" => return .abbrev
  | _ => malformed "hints of no known kind"

def readInductive (body : Json) : ReplayM (Name × Declaration) := do
  let ctors ← (← items (← field body "ctors")).mapM readVal
  let all ← items (← field body "types")
  let types ← all.mapM fun type => do
    let value ← readVal type
    let names ← (← items (← field type "ctors")).mapM nameAt
    let own ← names.mapM fun name => do
      let some ctor := ctors.find? (·.name == name) | malformed "a constructor that is not there"
      pure ({ name, type := ctor.type } : Constructor)
    pure (value, ({ name := value.name, type := value.type, ctors := own } : InductiveType))
  let (first :: _, json :: _) := (types, all) | malformed "an inductive type of nothing"
  let numParams ← nat (← field json "numParams")
  return (first.1.name, .inductDecl first.1.levelParams numParams (types.map (·.2)) false)

def readDeclaration (key : String) (body : Json) : ReplayM (Name × Declaration) := do
  if key == "inductive" then return ← readInductive body
  let value ← readVal body
  let declaration ← match key with
    | "thm" => pure (.thmDecl { value with value := ← exprAt (← field body "value") })
    | "def" =>
      let hints ← readHints (← field body "hints")
      pure (.defnDecl { value with value := ← exprAt (← field body "value"), hints, safety := .safe })
    | "opaque" => pure (.opaqueDecl { value with value := ← exprAt (← field body "value"), isUnsafe := false })
    | _ => malformed s!"a declaration of kind {key}"
  return (value.name, declaration)

def errorText (error : Kernel.Exception) : IO String :=
  (error.toMessageData {}).toString

/-- Reads one line. A declaration is added to the environment by the kernel, which checks it. -/
def readLine (line : String) : ReplayM Unit := do
  let .ok json := Json.parse line | malformed "no JSON"
  let .obj fields := json | malformed "no object"
  let keys := fields.toList.map (·.1)
  if keys.contains "in" then
    let name ← readName json
    modify fun state => { state with names := state.names.push name }
  else if keys.contains "il" then
    let level ← readLevel json
    modify fun state => { state with levels := state.levels.push level }
  else if keys.contains "ie" then
    let expr ← readExpr json
    modify fun state => { state with exprs := state.exprs.push expr }
  else if keys.contains "meta" then
    return
  else
    let [key] := keys | malformed "a line of no known kind"
    let (name, declaration) ← readDeclaration key (← field json key)
    match (← get).env.addDeclCore 0 declaration none with
    | .ok env => modify fun state => { state with env }
    | .error error =>
      let error ← errorText error
      modify fun state => { state with refused := some (name, error) }

partial def readAll (handle : IO.FS.Handle) : ReplayM Unit := do
  let line ← handle.getLine
  if line.isEmpty || (← get).refused.isSome then return
  readLine line
  readAll handle

def nameJson : Name → Array Json
  | .anonymous => #[]
  | .str pre part => (nameJson pre).push part
  | .num pre part => (nameJson pre).push part

def moduleName (module : String) : Name :=
  (module.splitOn ".").foldl Name.mkStr .anonymous

end Proofswarm

open Proofswarm in
def main (args : List String) : IO UInt32 := do
  let file :: modules := args | throw (.userError "usage: lean --run Replay.lean EXPORT MODULES…")
  let imports := modules.toArray.map fun module => ({ module := moduleName module } : Import)
  let base ← importModules imports {}
  let handle ← IO.FS.Handle.mk file .read
  let ((), state) ← (readAll handle).run { env := base }
  let result : Json ← match state.refused with
    | some (name, error) =>
      pure (Json.mkObj [("refused", Json.mkObj [("name", name.toString), ("error", error)])])
    | none =>
      let axioms := state.used.toList.filter fun name => (base.find? name).any (· matches .axiomInfo _)
      pure (Json.mkObj [("accepted", Json.mkObj [("axioms", .arr (axioms.toArray.map (.arr <| nameJson ·)))])])
  IO.println result.compress
  return 0
