//! Other libraries, and classes of theirs, that rules know by their names.

/// `torch.nn.Module` and what is made of it outside of most projects.
pub(super) const TORCH_MODULES: &[&str] = &[
    "lightning.LightningModule",
    "lightning.pytorch.LightningModule",
    "lightning.pytorch.core.module.LightningModule",
    "pytorch_lightning.LightningModule",
    "torch.nn.Module",
    "torch.nn.modules.Module",
    "torch.nn.modules.module.Module",
];

/// Those that make instances themselves, and await what `__init__` and `__del__` give.
pub(super) const AWAITING: &[&str] = &["ray"];
