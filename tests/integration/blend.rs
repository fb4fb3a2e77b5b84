//! Blends of made-up models, whose differences are known: which parts are found, with which weights, and what is predicted of them.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use xpert::selection::{Blend, BlendPart, Card, CardAxis, UserStyle, blend, predict_blend};
use xpert::style::{Estimate, StyleVector};

use crate::styles::{simulated, space};

fn drawn(random: &mut StdRng) -> StyleVector {
    StyleVector::new((0..space().reference.features().count()).map(|_| random.random_range(-1.0..1.0)).collect())
}

fn card(id: &str, difference: StyleVector) -> Card {
    simulated(id, Estimate { difference, noise: 0.0 })
}

/// Six cards in random directions, of lengths from a half to one and a half times the usual.
fn cards(seed: u64) -> Vec<Card> {
    let random = &mut StdRng::seed_from_u64(seed);
    let of_length = |length: f32, vector: StyleVector| vector.add_scaled(&vector, length - 1.0);
    (0u8..6).map(|i| card(&i.to_string(), of_length(0.5 + 0.2 * f32::from(i), drawn(random)))).collect()
}

fn cosine(a: &StyleVector, b: &StyleVector) -> f64 {
    space().inner(a, b) / (space().inner(a, a) * space().inner(b, b)).sqrt()
}

fn added(cards: &[Card], weights: &[(usize, f32)]) -> StyleVector {
    let nothing = StyleVector::new(vec![0.0; cards[0].signature.difference.width()]);
    weights.iter().fold(nothing, |sum, &(at, weight)| sum.add_scaled(&cards[at].signature.difference, weight))
}

/// Without noise, similarities are plain cosines.
fn proposed(user: &StyleVector, cards: &[Card]) -> Option<Blend> {
    let user = Estimate { difference: user.clone(), noise: 0.0 };
    blend(space(), &user, &cards.iter().collect::<Vec<_>>())
}

fn found(cards: &[Card], user: &StyleVector) -> Blend {
    let blend = proposed(user, cards).unwrap();
    assert!((1..=3).contains(&blend.parts.len()));
    assert!(blend.parts.iter().all(|part| part.weight > 0.0 && part.weight.is_finite()), "{blend:?}");
    assert!(blend.similarity.is_finite() && blend.axes.iter().all(|axis| axis.value.is_finite()), "{blend:?}");
    blend
}

#[test]
fn known_mixtures_are_found() {
    for seed in 0..20 {
        let cards = cards(seed);
        for weights in [&[(3, 0.8), (1, 0.5)][..], &[(2, 1.6), (5, 0.9), (4, 0.7)], &[(0, 0.3), (2, 0.2)]] {
            let user = added(&cards, weights);
            let blend = found(&cards, &user);
            assert_eq!(blend.parts.len(), weights.len(), "seed {seed}: {blend:?}");
            for (part, (at, weight)) in blend.parts.iter().zip(weights) {
                assert_eq!(part.id, cards[*at].id);
                assert!((part.weight - f64::from(*weight)).abs() < 1e-5, "seed {seed}: {blend:?}");
            }
            assert!(blend.similarity > 1.0 - 1e-9 && blend.gain > 0.0);
        }
    }
}

#[test]
fn the_prediction_is_the_sum_of_the_parts() {
    let cards = cards(1);
    let mut user = added(&cards, &[(1, 0.6), (2, 0.8)]);
    user = user.add_scaled(&drawn(&mut StdRng::seed_from_u64(40)), 0.4);
    let blend = found(&cards, &user);
    let weights: Vec<(usize, f32)> =
        blend.parts.iter().map(|part| (part.id.parse().unwrap(), part.weight as f32)).collect();
    assert!(weights.len() > 1);
    let sum = added(&cards, &weights);
    assert!((blend.similarity - cosine(&user, &sum)).abs() < 1e-6);
    for (axis, expected) in blend.axes.iter().zip(CardAxis::of(space(), &sum)) {
        assert!(axis.name == expected.name && (axis.value - expected.value).abs() < 1e-5);
    }
    let singles = cards.iter().map(|card| cosine(&user, &card.signature.difference));
    let best = singles.max_by(f64::total_cmp).unwrap();
    assert_eq!(blend.single_similarity, best);
    assert!((blend.gain - (blend.similarity - best)).abs() < 1e-12 && blend.gain > 0.0);
}

#[test]
fn given_weights_are_predicted_like_fitted_ones() {
    let cards = cards(2);
    let user = added(&cards, &[(3, 0.9), (4, 0.5)]).add_scaled(&drawn(&mut StdRng::seed_from_u64(41)), 0.3);
    let blend = found(&cards, &user);
    let estimate = Estimate { difference: user, noise: 0.0 };
    let intervals = vec![[0.0; 2]; space().axes().len()];
    let user = UserStyle { estimate: &estimate, intervals, words: 1000, missing_words: 0 };
    let signature = |part: &BlendPart| &cards[part.id.parse::<usize>().unwrap()].signature;
    let at = |factor: f64| {
        let parts: Vec<_> = blend.parts.iter().map(|part| (signature(part), factor * part.weight)).collect();
        predict_blend(space(), &user, &parts)
    };
    let (whole, half) = (at(1.0), at(0.5));
    assert!((whole.score - blend.similarity).abs() < 1e-6);
    let added: f64 = whole.axes.iter().map(|axis| axis.contribution).sum();
    assert!((added + whole.rest - whole.score).abs() < 1e-9);
    for ((whole, half), axis) in whole.axes.iter().zip(&half.axes).zip(&blend.axes) {
        assert!((whole.model - axis.value).abs() < 1e-5, "{axis:?}");
        assert!((half.model - axis.value / 2.0).abs() < 1e-5, "{axis:?}");
    }
    assert_eq!(at(0.0).score, 0.0, "a mixture of nothing is the base itself");
}

#[test]
fn a_user_equal_to_a_card_needs_no_other() {
    let cards = cards(3);
    for factor in [0.4, 1.0, 2.5] {
        let blend = found(&cards, &added(&cards, &[(4, factor)]));
        assert_eq!(blend.parts.len(), 1);
        assert_eq!((blend.parts[0].id.as_str(), blend.best_single.as_str()), ("4", "4"));
        assert!((blend.parts[0].weight - f64::from(factor)).abs() < 1e-6);
        assert!(blend.gain.abs() < 1e-6 && !blend.is_worth_proposing());
    }
}

#[test]
fn a_part_with_little_weight_is_dropped_and_the_others_fitted_again() {
    let cards = cards(5);
    let user = added(&cards, &[(2, 1.0), (3, 0.05)]);
    let blend = found(&cards, &user);
    assert_eq!(blend.parts.len(), 1, "{blend:?}");
    let (own, inner) = (&cards[2].signature.difference, |a, b| space().inner(a, b));
    let alone = inner(own, &user) / inner(own, own);
    assert!((blend.parts[0].weight - alone).abs() < 1e-9 && (alone - 1.0).abs() > 1e-4, "{alone}");
}

#[test]
fn parallel_cards_count_as_one() {
    let mut cards = cards(6);
    let (twin, long) = (added(&cards, &[(1, 1.0)]), added(&cards, &[(1, 3.0)]));
    cards.extend([card("twin", twin), card("long", long)]);
    let user = added(&cards, &[(1, 0.9), (2, 0.6)]);
    let blend = found(&cards, &user);
    assert_eq!(blend.parts.iter().map(|part| part.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    let only = found(&cards[1..2].iter().chain(&cards[6..]).cloned().collect::<Vec<_>>(), &user);
    assert_eq!(only.parts.len(), 1);
}

#[test]
fn zero_differences_give_no_blend() {
    let cards = cards(7);
    let zero = added(&cards, &[]);
    let user = added(&cards, &[(0, 1.0)]);
    assert_eq!(proposed(&user, &[]), None);
    assert_eq!(proposed(&zero, &cards), None);
    assert_eq!(proposed(&user, &[card("zero", zero.clone())]), None);
    assert_eq!(proposed(&user, &[card("opposite", added(&cards, &[(0, -1.0)]))]), None);
    let with_zero = [card("zero", zero), cards[0].clone()];
    assert_eq!(found(&with_zero, &user).parts[0].id, "0");
}
