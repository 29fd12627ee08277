package signin

import (
	"cmp"
	"strings"
)

// Compare is the total order of events: time, then id, then where the row was
// read. Everything that sorts events uses it, so equal timestamps never make a
// result depend on the input order.
func Compare(a, b *Event) int {
	return cmp.Or(
		cmp.Compare(a.Time, b.Time),
		strings.Compare(a.ID, b.ID),
		strings.Compare(a.Raw.File, b.Raw.File),
		cmp.Compare(a.Raw.Line, b.Raw.Line),
	)
}

// Shards is the number of shards of a dataset. It is part of the on-disk
// format: changing it needs a new schema version.
const Shards = 64

// Person identifies whose history an event belongs to, as text that no two
// people share: provider, tenant and the provider's stable id.
func (e *Event) Person() string { return PersonKey(e.Provider, e.Tenant, e.Principal.ID) }

// PersonKey joins the three parts with the ASCII unit separator, which sorts
// below every printable character, so keys order as their parts do.
func PersonKey(provider, tenant, principal string) string {
	return provider + "\x1f" + tenant + "\x1f" + principal
}

// NamePrefix marks a principal id that was made from a name.
const NamePrefix = "name:"

// Normalize gives a principal that has only a name an id made from it
// (NamePrefix and the lower-cased name), so that every event has a person.
// Decoders call it before Validate.
func (e *Event) Normalize() {
	if e.Principal.ID == "" && e.Principal.Name != "" {
		e.Principal.ID = NamePrefix + strings.ToLower(e.Principal.Name)
	}
}

// Shard is the shard of a person key, in [0, Shards). It is FNV-1a (64 bit,
// Fowler, Noll, Vo) folded to 32 bits, modulo Shards, a fixed public function:
// any engine can compute it.
func Shard(person string) int {
	h := fnv64(person)
	return int((h ^ h>>32) % Shards) //nolint:gosec // below Shards
}

func fnv64(s string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * prime
	}
	return h
}

// IDHash maps an identifier to 64 bits for use as an in-memory join key. A
// canonical GUID (any case) hashes by its 16 bytes, so a reader that has the
// bytes and a reader that has the text agree; other text by FNV-1a. "" is 0,
// and no identifier hashes to 0. Collisions (2^-64 per pair) are accepted for
// grouping rows of one person and never used to drop a record.
func IDHash(id string) uint64 {
	if id == "" {
		return 0
	}
	if g, ok := ParseGUID(id); ok {
		return GUIDHash(g)
	}
	return max(fnv64(id), 1)
}
