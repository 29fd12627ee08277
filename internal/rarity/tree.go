package rarity

// Tree numbers paths. It is not safe for concurrent use while it grows; one that
// no longer does may be read by many.
type Tree struct {
	nodes  map[uint64]Node // by hash of the path
	parent []Node
	hash   []uint64
}

// NewTree is a tree with its root.
func NewTree() *Tree {
	return &Tree{nodes: map[uint64]Node{}, parent: []Node{0, 0}, hash: []uint64{0, 0x51ed270b7a1f3c55}}
}

// Len is one more than the largest node.
func (t *Tree) Len() int { return len(t.parent) }

// Path numbers the path of values, coarse to fine. A value is a hash, equal for
// equal texts wherever it is computed; 0 is a level the log does not name.
func (t *Tree) Path(values *[Levels]uint64) Path {
	var p Path
	at := root
	for l, v := range values {
		if v == 0 {
			continue
		}
		at = t.child(at, Hash(t.hash[at], v^uint64(l)<<56)) //nolint:gosec // 4 levels
		p[l] = at
	}
	return p
}

func (t *Tree) child(parent Node, h uint64) Node {
	n, ok := t.nodes[h]
	if !ok {
		n = Node(len(t.parent)) //nolint:gosec // distinct values of one log
		t.nodes[h] = n
		t.parent = append(t.parent, parent)
		t.hash = append(t.hash, h)
	}
	return n
}

// copy numbers every node of o in t and returns the numbers by node of o.
func (t *Tree) copy(o *Tree) []Node {
	to := make([]Node, o.Len())
	to[root] = root
	for n := int(root) + 1; n < o.Len(); n++ { // parents come before children
		to[n] = t.child(to[o.parent[n]], o.hash[n])
	}
	return to
}

// Fork is a tree that knows what t knows, numbers it alike, and numbers more on
// its own. t must not grow any more.
type Fork struct {
	base  *Tree
	extra map[uint64]Node
	hash  []uint64 // of the extra ones
}

// NewFork forks base; nil is an empty tree.
func NewFork(base *Tree) *Fork {
	if base == nil {
		base = NewTree()
	}
	return &Fork{base: base, extra: map[uint64]Node{}}
}

// Path is like Tree.Path.
func (f *Fork) Path(values *[Levels]uint64) Path {
	var p Path
	h := f.base.hash[root]
	for l, v := range values {
		if v == 0 {
			continue
		}
		h = Hash(h, v^uint64(l)<<56) //nolint:gosec // 4 levels
		n, ok := f.base.nodes[h]
		if !ok {
			n, ok = f.extra[h]
		}
		if !ok {
			n = Node(f.base.Len() + len(f.hash)) //nolint:gosec // distinct values of one log
			f.extra[h] = n
			f.hash = append(f.hash, h)
		}
		p[l] = n
	}
	return p
}
