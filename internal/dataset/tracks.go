package dataset

import (
	"context"
	"fmt"
	"iter"

	"frisk/internal/signin"
)

// TrackFilter says which rows of a track are wanted. Only located rows ever are.
type TrackFilter struct {
	Streams  []signin.Stream  // any of them; nil = all
	Outcomes []signin.Outcome // likewise
}

// Track is one person's places in order of time. Rows of the same microsecond that
// lie in different runs come in the order of the runs.
type Track struct {
	Provider, Tenant, Principal string
	// Time, Lat and Lon have one entry for each row; they belong to the reader and are
	// valid until the next track is asked for.
	Time     []signin.Time
	Lat, Lon []float64
}

// Tracks yields the tracks of the shards [from, to), each shard's by provider, tenant
// and principal. People without a wanted row are left out. It reads six columns
// besides who the person is, and of rows that the filter drops only those it
// filters by: it is for questions about place and time alone, for which People
// would fill whole rows. The codes of sym grow as with People. The sequence ends after an
// error.
func (r *Reader) Tracks(ctx context.Context, from, to int, f TrackFilter, sym *signin.Symbols) iter.Seq2[Track, error] {
	return func(yield func(Track, error) bool) {
		if from < 0 || to > signin.Shards || from > to {
			yield(Track{}, fmt.Errorf("read shards %d to %d: there are shards 0 to %d", from, to, signin.Shards-1))
			return
		}
		m := &trackMerger{sym: sym}
		for _, run := range r.runs {
			m.scans = append(m.scans, newTrackScan(run, r.dead[run.run.Name], &f, sym))
		}
		defer m.close()
		for shard := from; shard < to; shard++ {
			if err := ctx.Err(); err != nil {
				yield(Track{}, err)
				return
			}
			more, err := m.shard(shard, yield)
			if err != nil {
				yield(Track{}, fmt.Errorf("read shard %d: %w", shard, err))
				return
			}
			if !more {
				return
			}
		}
	}
}

// trackMerger joins the tracks of one shard of every run.
type trackMerger struct {
	sym   *signin.Symbols
	scans []*trackScan
	same  []int // scans at the least person
	out   Track
}

func (m *trackMerger) close() {
	for _, s := range m.scans {
		s.close()
	}
}

func (m *trackMerger) shard(shard int, yield func(Track, error) bool) (more bool, err error) {
	for _, s := range m.scans {
		lo, hi := s.run.run.shard(shard)
		if err := s.read(lo, hi); err != nil {
			return false, err
		}
	}
	for {
		m.same = m.same[:0]
		for i, s := range m.scans {
			if s.at == len(s.people) {
				continue
			}
			c := -1
			if len(m.same) > 0 {
				c = compareCodes(m.sym, s.people[s.at].key, m.least().key)
			}
			if c < 0 {
				m.same = append(m.same[:0], i)
			} else if c == 0 {
				m.same = append(m.same, i)
			}
		}
		if len(m.same) == 0 {
			return true, nil
		}
		if !yield(m.track(), nil) {
			return false, nil
		}
		for _, i := range m.same {
			m.scans[i].at++
		}
	}
}

func (m *trackMerger) least() *trackPerson {
	s := m.scans[m.same[0]]
	return &s.people[s.at]
}

// track is the track of the person that m.same are at.
func (m *trackMerger) track() Track {
	var t Track
	t.Provider, t.Tenant, t.Principal = texts3(m.sym, m.least().key)
	if len(m.same) == 1 {
		t.Time, t.Lat, t.Lon = m.scans[m.same[0]].rows()
		return t
	}
	o := &m.out
	o.Time, o.Lat, o.Lon = o.Time[:0], o.Lat[:0], o.Lon[:0]
	for _, i := range m.same {
		time, lat, lon := m.scans[i].rows()
		if n := len(o.Time); n == 0 || o.Time[n-1] <= time[0] { // runs are mostly apart in time
			o.Time, o.Lat, o.Lon = append(o.Time, time...), append(o.Lat, lat...), append(o.Lon, lon...)
			continue
		}
		o.insert(time, lat, lon)
	}
	t.Time, t.Lat, t.Lon = o.Time, o.Lat, o.Lon
	return t
}

// insert merges rows in order into t, after those of the same time.
func (t *Track) insert(time []signin.Time, lat, lon []float64) {
	i, j := len(t.Time)-1, len(time)-1
	t.Time, t.Lat, t.Lon = append(t.Time, time...), append(t.Lat, lat...), append(t.Lon, lon...)
	for k := len(t.Time) - 1; j >= 0; k-- {
		if i >= 0 && t.Time[i] > time[j] {
			t.Time[k], t.Lat[k], t.Lon[k] = t.Time[i], t.Lat[i], t.Lon[i]
			i--
		} else {
			t.Time[k], t.Lat[k], t.Lon[k] = time[j], lat[j], lon[j]
			j--
		}
	}
}
