//! The C3 linearization (<https://docs.python.org/3/howto/mro.html>), on any kind of class.

/// Merges the linearizations of the bases and the list of the bases itself. `Err` tells the
/// candidates that block one another: the heads that are left, none of which may come next.
pub(super) fn merge<T: Copy + PartialEq>(lists: Vec<Vec<T>>) -> Result<Vec<T>, Vec<T>> {
    let mut merged = Vec::new();
    let mut heads = vec![0usize; lists.len()];
    loop {
        let lefts =
            || lists.iter().zip(&heads).filter_map(|(list, head)| list[*head..].split_first());
        let mut candidates = lefts().map(|(head, _)| *head).peekable();
        if candidates.peek().is_none() {
            return Ok(merged);
        }
        let next = candidates.find(|it| lefts().all(|(_, behind)| !behind.contains(it)));
        let Some(next) = next else {
            let mut blocked: Vec<T> = Vec::new();
            for (head, _) in lefts() {
                if !blocked.contains(head) {
                    blocked.push(*head);
                }
            }
            return Err(blocked);
        };
        merged.push(next);
        for (list, head) in lists.iter().zip(&mut heads) {
            if list.get(*head) == Some(&next) {
                *head += 1;
            }
        }
    }
}

/// One step of a merge: what was left, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MergeStep<T> {
    /// The lists as they were, without those that were used up; the last is that of the bases, as
    /// long as it is left.
    pub lists: Vec<Vec<T>>,
    /// Heads that could not come next, each with the number of the first list that has it behind
    /// another.
    pub refused: Vec<(T, usize)>,
    /// What came next: `None` where nothing could.
    pub taken: Option<T>,
}

/// Does what [`merge`] does, step by step.
pub(super) fn steps<T: Copy + PartialEq>(mut lists: Vec<Vec<T>>) -> Vec<MergeStep<T>> {
    let mut steps = Vec::new();
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return steps;
        }
        let (mut refused, mut taken): (Vec<(T, usize)>, _) = (Vec::new(), None);
        for head in lists.iter().map(|list| list[0]) {
            match lists.iter().position(|list| list[1..].contains(&head)) {
                None => {
                    taken = Some(head);
                    break;
                }
                Some(behind) if !refused.iter().any(|(it, _)| *it == head) => {
                    refused.push((head, behind));
                }
                Some(_) => {}
            }
        }
        steps.push(MergeStep { lists: lists.clone(), refused, taken });
        let Some(taken) = taken else { return steps };
        for list in &mut lists {
            if list[0] == taken {
                list.remove(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{merge, steps};

    /// `A(B, C)` is written `("A", "BC")`; the answer is the linearization of the last one.
    fn check(classes: &[(&str, &str)]) -> Result<String, String> {
        let mut known: Vec<(char, Vec<char>)> = Vec::new();
        for (name, bases) in classes {
            let mut lists: Vec<Vec<char>> = bases
                .chars()
                .map(|base| known.iter().find(|(it, _)| *it == base).unwrap().1.clone())
                .collect();
            lists.push(bases.chars().collect());
            let class = name.chars().next().unwrap();
            let rest = merge(lists).map_err(|it| it.iter().collect::<String>())?;
            known.push((class, std::iter::once(class).chain(rest).collect()));
        }
        Ok(known.last().unwrap().1.iter().collect())
    }

    #[test]
    fn the_diamond_keeps_the_order_of_bases() {
        let diamond = [("O", ""), ("A", "O"), ("B", "A"), ("C", "A"), ("D", "BC")];
        assert_eq!(check(&diamond), Ok("DBCAO".to_owned()));
    }

    #[test]
    fn step_by_step_it_comes_to_the_same() {
        for lists in [vec!["BAO", "CAO", "BC"], vec!["AO", "BAO", "AB"], vec!["AO", "A"]] {
            let lists: Vec<Vec<char>> = lists.iter().map(|list| list.chars().collect()).collect();
            let steps = steps(lists.clone());
            let taken: Option<Vec<char>> = steps.iter().map(|step| step.taken).collect();
            assert_eq!(taken, merge(lists).ok());
            let last = &steps[steps.len() - 1];
            assert!(last.taken.is_some() || last.refused == [('A', 1), ('B', 2)]);
        }
    }

    #[test]
    fn a_base_before_its_own_subclass_has_no_order() {
        assert_eq!(check(&[("O", ""), ("A", "O"), ("B", "A"), ("C", "AB")]), Err("AB".to_owned()));
    }
}
