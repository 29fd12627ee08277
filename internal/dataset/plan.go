package dataset

// Sizes of row groups and pages, in rows.
//
// A row group is the unit other engines read in parallel and the reach of a
// dictionary; DuckDB recommends about 120,000 rows. A shard of a usual run is
// far smaller, so a group holds several shards and ends at a shard border where
// it can. A page is the unit our reader decodes; it ends at a shard border once
// it is worth its header, so that reading one shard of a large run decodes
// little else, and a small run still has few pages.
const (
	maxGroup = 122_880
	minPage  = 4_096
	maxPage  = 16_384
)

// planGroups cuts a sequence of shards with the given row counts into row
// groups: several whole shards up to maxGroup rows, or an even part of a shard
// that is larger than that.
func planGroups(shards []int64) []int {
	var groups []int
	cur := 0
	for _, n := range shards {
		n := int(n)
		if cur+n <= maxGroup {
			cur += n
			continue
		}
		if cur > 0 {
			groups = append(groups, cur)
		}
		cur = n
		if n > maxGroup {
			groups = append(groups, split(n, maxGroup)...)
			cur = 0
		}
	}
	if cur > 0 {
		groups = append(groups, cur)
	}
	return groups
}

// planPages gives the ends of the pages of a row group whose shards have the
// given row counts.
func planPages(shards []int) []int {
	var ends []int
	at, cur := 0, 0
	emit := func(n int) {
		if n > 0 {
			at += n
			ends = append(ends, at)
		}
	}
	for _, n := range shards {
		if cur+n > maxPage {
			emit(cur)
			cur = 0
		}
		if n > maxPage {
			for _, part := range split(n, maxPage) {
				emit(part)
			}
			continue
		}
		if cur += n; cur >= minPage {
			emit(cur)
			cur = 0
		}
	}
	emit(cur)
	return ends
}

// split cuts n into the fewest even parts of at most limit.
func split(n, limit int) []int {
	k := (n + limit - 1) / limit
	parts := make([]int, k)
	for i := range parts {
		parts[i] = (n*(i+1))/k - (n*i)/k
	}
	return parts
}
