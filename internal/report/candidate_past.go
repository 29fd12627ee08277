package report

import "fmt"

// asInForce says that policies changed within the window, and what they did as
// they were then; empty where none changed.
func asInForce(v *view) Line {
	p := v.in.InForce
	if p == nil || !p.Total.Prompts.Known {
		return nil
	}
	now := v.in.Total.set(0)
	return say(fmt.Sprintf("%s changed within the window. So that candidates are compared like with like, “today’s policies” are those of the end, "+
		"replayed over the whole of it: ", upperFirst(plural(p.Changes, "policy", "policies"))),
		strong(v.times(now.Prompts)), " and ", strong(num(v.per(now.Blocks))), " blocks. As they were in force, it was ",
		strong(v.times(p.Total.Prompts)), " and ", strong(num(v.per(p.Total.Blocks))),
		" blocks; that is what the comparison with the log is about.")
}
